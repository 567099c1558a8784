# A display of its own for a script that opens the real window; to be sourced.
# Sets DISPLAY and server (the process to end).
# -displayfd: the server takes a free number itself and says it once it takes connections.
# -noreset: without it the server starts over when its last client leaves, and whoever connects at
# that moment (the window, right after a program that only asked something) is refused.
start_display() {
  local number
  coproc SERVER { exec Xvfb -displayfd 1 -screen 0 1280x800x24 -nolisten tcp -noreset 2>/dev/null; }
  server=$SERVER_PID
  read -r -t 60 number <&"${SERVER[0]}" || { echo "Xvfb did not start"; exit 1; }
  export DISPLAY=:$number LIBGL_ALWAYS_SOFTWARE=1
  unset WAYLAND_DISPLAY
}
