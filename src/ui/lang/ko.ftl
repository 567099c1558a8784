# The window's texts in Korean. Keys and arguments are the same as in en.ftl, and besides there are the texts of
# tables (methods, parameters, settings, stages, what edits did), whose English is in the code; a test compares them.

### Counts and people

tracks = 트랙 { $n }개
identities = 인물 { $n }명
person = 인물 { $id }

### What edits did, in the history and in notices

did-unname = { $who }의 이름을 지웠습니다
did-rename = { $who }의 이름을 { $name }{ JOSA($name, "으로", "로") } 바꿨습니다
did-name = { $who }에 { $name }{ JOSA($name, "이라는", "라는") } 이름을 붙였습니다
did-merge = { $who }{ JOSA($who, "을", "를") } { $into }에 합쳤습니다
did-merge-lost = { $who }{ JOSA($who, "을", "를") } { $into }에 합쳤습니다. 두 값 가운데 앞의 것이 남습니다: { $lost }
did-merge-all = { $who }{ JOSA($who, "을", "를") } 하나로 합쳤습니다
did-describe = { $who }의 정보를 적었습니다: { $what }
did-move = 트랙 { $n }개를 { $to }{ JOSA($to, "으로", "로") } 옮겼습니다
did-move-from = 트랙 { $n }개를 { $from }에서 { $to }{ JOSA($to, "으로", "로") } 옮겼습니다
did-split = 트랙 { $n }개를 나눴습니다
did-split-as = 트랙 { $n }개를 { $name }{ JOSA($name, "으로", "로") } 나눴습니다
did-split-off = { $from }에서 트랙 { $n }개를 나눴습니다
did-split-off-as = { $from }에서 트랙 { $n }개를 { $name }{ JOSA($name, "으로", "로") } 나눴습니다
did-reject = 트랙 { $n }개를 제외했습니다
did-reject-from = { $from }에서 트랙 { $n }개를 제외했습니다
did-ignore = { $who }{ JOSA($who, "을", "를") } 무시했습니다
did-restore = { $who }{ JOSA($who, "을", "를") } 다시 가져왔습니다
did-confirm = { $who }{ JOSA($who, "을", "를") } 확정했습니다
did-cover = { $who }의 대표 사진을 골랐습니다
did-split-track = { $track } 트랙을 { $at } 프레임에서 자름
did-cannot-link = { $a }{ JOSA($a, "과", "와") } { $b }{ JOSA($b, "은", "는") } 서로 다른 사람이라고 표시했습니다
did-must-link = { $a }{ JOSA($a, "과", "와") } { $b }{ JOSA($b, "은", "는") } 같은 사람이라고 표시했습니다
did-must-links = 트랙 { $n }개를 같은 사람이라고 표시했습니다
did-adopt = 다시 묶음: { $source }
did-erase = 트랙 { $n }개의 인물을 삭제함
did-erased = 삭제된 인물에 관한 편집
did-nothing = 변경 없음
did-more = { $first } 외 편집 { $n }건

### Why an edit was not taken

refused-identity = 인물 { $id }{ JOSA($id, "은", "는") } (더 이상) 없습니다
refused-track = 이 프로젝트에 ‘{ $track }’ 트랙이 없습니다
refused-name = 이름에는 보이는 문자만 쓸 수 있습니다. 제어 문자를 지우세요
refused-cut = ‘{ $track }’ 트랙은 { $at } 프레임에서 자를 수 없습니다
refused-not-in = ‘{ $track }’ 트랙은 { $who }에 속하지 않습니다
refused-joined = { $tracks } 트랙은 같은 사람이라고 표시되어 있습니다. 이 연결 중 하나를 먼저 되돌리세요
refused-parted = ‘{ $x }’ 트랙과 ‘{ $y }’ 트랙이 다른 사람으로 표시되어 있어 ‘{ $a }’ 트랙과 ‘{ $b }’ 트랙은 같은 사람이 될 수 없습니다. 그 연결을 먼저 되돌리세요
refused-together = ‘{ $x }’ 트랙과 ‘{ $y }’ 트랙이 동시에 화면에 나오므로 ‘{ $a }’ 트랙과 ‘{ $b }’ 트랙은 같은 사람이 될 수 없습니다
refused-overlap = ‘{ $a }’ 트랙과 ‘{ $b }’ 트랙이 동시에 화면에 나오므로{ $more ->
    [0] {""}
   *[other] {" "}(이런 쌍이 { $more }개 더 있음)
} 한 사람일 수 없습니다
refused-link = ‘{ $a }’ 트랙과 ‘{ $b }’ 트랙은 다른 사람이라고 표시되어 있습니다{ $more ->
    [0] {""}
   *[other] {" "}(이런 쌍이 { $more }개 더 있음)
}. 먼저 되돌리세요

### Bar and pages

back = 뒤로
pictures = 사진 { $n }장
clusters = 클러스터 { $n }개
clusters-of-faces = 얼굴 클러스터 { $n }개
warnings = 경고 { $n }건
pairs = 쌍 { $n }개
differences = 차이 { $n }곳
seconds = { $n }초
minutes = { $minutes }분 { $seconds }초
hours = { $hours }시간 { $minutes }분 { $seconds }초
spoken = { $title }, { $tracks }
spoken-confirmed = { $title }, { $tracks }, 확정됨
spoken-ignored = { $title }, { $tracks }, 무시됨
confirmed = 확정됨
ignored = 무시됨

### Actions: the word on buttons and in menus, and what it does

action-open = 폴더 열기…
    .doc = 다른 트랙 폴더를 엽니다
action-export = 내보내기…
    .doc = 인물을 폴더와 표로 저장합니다
action-search = 찾기
    .doc = 이름이나 번호로 인물을 찾습니다
action-redo = 다시 실행
    .doc = 마지막으로 되돌린 편집을 다시 적용합니다
action-undo = 되돌리기
    .doc = 마지막 편집을 되돌립니다. 아무것도 사라지지 않습니다
action-rerun = 다시 묶기
    .doc = 결정한 내용은 그대로 두고 나머지를 새로 묶습니다. 무엇이 바뀔지 먼저 보여 줍니다
action-settings = 설정
    .doc = 설정을 열거나 닫습니다
action-shortcuts = 단축키
    .doc = 단축키 목록을 열거나 닫습니다
action-select-all = 모두 선택
    .doc = 이 페이지에 있는 것을 모두 선택합니다
action-back = 뒤로
    .doc = 선택을 해제한 다음 이전 화면으로 돌아갑니다
action-enter = 얼굴로
    .doc = 선택한 인물의 얼굴로 키보드를 옮깁니다
action-name = 이름…
    .doc = 이 인물에 이름을 붙입니다. 이름은 유지됩니다
action-merge = 합치기
    .doc = 선택한 인물을 하나로 합칩니다
action-not-same = 다른 사람
    .doc = 선택한 둘이 같은 사람이 아니라고 표시합니다. 한 인물에 있던 두 트랙은 나뉘고, 다시 묶어도 지켜집니다
action-link = 같은 사람
    .doc = 선택한 트랙이 모두 같은 사람이라고 표시합니다. 한 인물로 모이고, 다시 묶어도 지켜집니다
action-confirm = 확정
    .doc = 이 인물이 지금 그대로 맞다고 표시합니다
action-ignore = 무시
    .doc = 인물을 무시하거나, 무시한 인물을 다시 가져옵니다
action-move = 옮기기…
    .doc = 선택한 트랙을 다른 인물로 옮깁니다
action-split = 나누기
    .doc = 선택한 트랙을 새 인물로 나눕니다
action-reject = 제외
    .doc = 선택한 트랙을 빼서 미지정으로 보냅니다
action-cover = 대표 사진으로
    .doc = 이 트랙의 사진을 대표 사진으로 씁니다
action-previous = 이전 인물
    .doc = 앞의 인물을 봅니다
action-next = 다음 인물
    .doc = 다음 인물을 봅니다
bring-back = 다시 가져오기
tip = { $doc }  ({ $key })
place-everywhere = 어디서나
place-people = 인물
place-tracks = 트랙

### The bar, filters, and what is selected

close-project = 프로젝트 닫기
close-project-tip = 시작 화면으로 돌아갑니다. 모두 저장되어 있습니다
undo-tip = 되돌리기: { $what }, { $when }  ({ $key })
redo-tip = 다시 실행: { $what }, { $when }  ({ $key })
undo-nothing = 되돌릴 편집이 없습니다
redo-nothing = 다시 실행할 편집이 없습니다
theme = 테마
theme-light = 밝게
theme-dark = 어둡게
appearance = 화면
language = 언어
as-system = 시스템 설정 따르기
chip-all = 전체
    .doc = 무시한 인물을 뺀 모두
chip-unnamed = 이름 없음
    .doc = 아직 이름이 없는 인물
chip-named = 이름 있음
    .doc = 이름이 있는 인물
chip-ignored = 무시됨
    .doc = 무시하기로 한 인물
unassigned = 미지정
    .doc = 제외한 트랙과 쓸 만한 얼굴이 없는 트랙
chip-count = { $name }  { $n }
picture-size = 사진 크기
sort = 정렬
sort-biggest = 트랙 많은 순
sort-name = 이름순
sort-longest = 오래 나온 순
selected = { $n }개 선택됨

### The gallery and the pages

empty-chip = 해당하는 인물 없음
empty-chip-note = 이 필터에 해당하는 인물이 없습니다.
empty-all = 인물을 찾지 못함
empty-all-note = 쓸 만한 얼굴이 있는 트랙이 없습니다. 미지정을 확인하세요.
empty-search = 찾은 인물 없음
empty-search-note = 여기에는 ‘{ $search }’(이)라는 인물이 없습니다.
clear-search = 찾기 지우기
click-to-name = 눌러서 이름 붙이기
most-doubtful-first = { $n ->
    [0] { $tracks }, 덜 전형적인 것부터
   *[other] { $tracks }, 덜 전형적인 것부터, 의심 { $n }개
}
tray-facts = 제외 { $rejected }개 · 쓸 만한 얼굴 없음 { $unusable }개
tray-empty = 모든 트랙이 인물에 속해 있습니다. 제외한 트랙은 여기로 옵니다.
track-spoken = 트랙 { $id }, { $facts }
cover = 대표
frame = 프레임 { $n }
time-at = { $start }부터 { $duration }
features-only = 특징값만 있음
unreadable = 읽을 수 없음 { $n }
no-usable-face = 쓸 만한 얼굴 없음
name-hint = 이름
same-name = ‘{ $name }’ 이름을 쓰는 인물이 이미 { $n }명 있습니다. 같은 사람이면 합치세요.
move-heading = 트랙 { $n }개를 옮길 인물
move-to = 옮길 인물
move-hint = 인물을 찾거나 새 이름을 적으세요
move-new = 새 인물 ‘{ $name }’
move-nobody = 아직 다른 인물이 없습니다. 이름을 적으면 새 인물이 됩니다.
cancel = 취소
close = 닫기
open = 열기
dismiss = 닫기

### Start

tagline = 이 영상에 누가 나올까요?
open-folder = 폴더 열기…
open-folder-tip = 얼굴 트랙 폴더: 트랙마다 사진 폴더 하나
try-demo = 데모 열어 보기
try-demo-tip = 인물 30명쯤을 트랙 200개로 그려서 묶어 봅니다
drop-here = 폴더, 동영상 또는 프로젝트를 여기에 끌어다 놓아도 됩니다.
drop-to-open = 놓으면 열립니다
path = 경로
path-hint = 또는 폴더나 프로젝트의 경로
recent = 최근 프로젝트
forget-recent = { $name } 목록에서 빼기
open-recent = { $name } 열기
choose-tracks = 트랙 폴더 열기
choose-export = 내보낼 폴더 고르기
looking = 얼굴을 분석하는 중…
looking-note = 트랙을 묶고 나면 여기에 인물이 나타납니다.
nothing-yet = 아직 보여 드릴 것이 없습니다
nothing-yet-note = 아직 아무도 트랙을 묶지 않았고, 이 프로젝트는 읽기 전용입니다.
not-grouped = 아직 묶지 않음
not-grouped-note = 누가 나오는지 보려면 트랙을 묶으세요. 이미 끝난 작업은 유지됩니다.
group-tracks = 트랙 묶기

### Messages, banners, a running job

undone = 되돌림: { $what }
redone = 다시 실행함: { $what }
jumped = 이동함: { $what }
panicked = Castlist 내부 오류가 발생했습니다 ({ $why }). 잃은 것은 없습니다. 다시 시도하고 오류를 알려 주세요.
no-thread = 스레드를 시작할 수 없어 작업할 수 없습니다 ({ $why })
is-running = 이미 다른 작업이 실행 중입니다. 기다리거나 취소하세요
not-started = 작업을 시작하지 못했습니다. Castlist를 닫았다가 다시 여세요
stopped = 중지했습니다. 끝난 작업은 유지됩니다
exported = { $identities }, { $tracks }, { $pictures }을 내보냈습니다.
exported-missing = 사진 { $n }장은 읽을 수 없어 내보내지 못했습니다.
ready-model = { $model } 모델이 준비됐습니다. 이 모델로 묶으려면 다시 묶으세요
installed-model = { $model } 모델을 설치했습니다
grouped = { $tracks }를 { $clusters }로 묶음
grouped-warnings = { $warnings }: { $first }
nothing-better = 더 나은 결과를 찾지 못해 그대로 둡니다: { $why }
adopted-learned = 학습한 결과를 적용했습니다. 되돌리면 이전 상태로 돌아갑니다
read-only = 읽기 전용: 이 프로젝트가 다른 Castlist에 열려 있거나 파일이 보호되어 있습니다. 고치려면 다른 창을 닫고 다시 여세요.
read-only-no-locks = 읽기 전용: 이 프로젝트가 있는 곳에서는 파일을 잠글 수 없습니다(일부 네트워크 공유). 로컬 디스크로 복사해 여세요.
elsewhere = 이 폴더에 쓸 수 없어 프로젝트를 여기에 저장했습니다: { $path }
settings-changed = 마지막으로 묶은 뒤 설정이 바뀌었습니다.
renewed-model = 이 프로젝트는 이전의 내장 모델로 만들어졌습니다. 더 나은 모델이 있으며, 두 모델의 얼굴은 서로 비교할 수 없습니다.
renewed-method = 이 프로젝트는 볼 클러스터로 묶였습니다. 지금 방법은 영화에서 실수가 더 적습니다.
see-what-changes = 무엇이 바뀌는지 보기…
basic-model = 내장 모델이 여기에서 몇몇 인물을 확실히 구별하지 못합니다. 다른 모델이라면 구별할 수도 있습니다.
offer-any-use = 모든 용도: { $model }, { $size }. { $film }
offer-not-commercial = 상업적 이용 불가: { $model }, { $size }. { $film }
film-measured = 영화에서 { $instead } 대신 { $with }점이었습니다(BCubed F).
film-unmeasured = 영화에서 측정한 적이 없어 더 나을 수도, 못할 수도 있습니다.
here-already = 설치됨
try-model = { $model } 시험하기
try-model-note = 모델을 내려받아 모든 얼굴을 분석하고 무엇이 바뀔지 보여 줍니다. 적용하기 전에는 아무것도 바뀌지 않습니다.
trial-same = { $model } 모델로도 바뀌는 것이 없습니다
by-hand = { $model } 모델을 내려받지 못했습니다 ({ $why }). 다른 컴퓨터에서 받아 이 창에 끌어다 놓으면 무엇이 바뀔지 보여 줍니다.
    파일: { $file }
    주소: { $address }
    sha256: { $sha256 }
server-answered = 서버 응답: { $status }
another-file = 서버의 파일이 다릅니다
try-again = 다시 시도
copy-address = 주소 복사
download-model = { $model } 내려받기 ({ $megabytes } MB)
starting = 시작하는 중
stopping = 중지하는 중
running = { $stage }…
megabytes = { $n } MB
progress-of = { $total } 중 { $done }
progress-rate = 초당 { $n }
seconds-left = { $n }초 남음
minutes-left = { $n }분 남음
refused = 적용하지 않음: { $why }
failed-missing = 그런 폴더나 프로젝트가 없습니다. 경로를 확인하세요: { $path }
failed-no-tracks = 이 프로젝트에는 아직 트랙이 없습니다. 대신 폴더를 여세요: { $path }
failed-nothing-yet = 아직 묶은 것이 없습니다
failed-unknown-model = 이 파일의 해시로 알려진 모델이 없어 { $missing } 값을 알려 주어야 합니다: { $path }. 값을 찾아 터미널에 입력하세요: { $command }

### Settings

hide-settings = 설정 닫기
more = 더 보기
frames-all = 모두
use = 사용
file-of-model = 모델 파일
file-of-model-hint = 또는 ONNX 파일
head-file = 헤드 파일
head-file-hint = 또는 학습한 헤드 파일
pooling-file = 풀링 파일
pooling-file-hint = 또는 어텐션 헤드 파일
licence = 라이선스: { $licence } ({ $usage }).
use-commercial = 상업적 이용 가능
use-not-commercial = 상업적 이용 불가
more-models = 다른 모델
drop-a-model = 모델의 .onnx 파일을 창에 끌어다 놓아도 됩니다.
licence-unknown = 알 수 없음
back-to = { $value }{ JOSA($value, "으로", "로") } 되돌리기
rerun-note = 반경 외의 변경은 다음에 묶을 때 적용됩니다. 이름을 붙이거나 합치거나 확정하거나 옮긴 인물은 그대로 있고, 나머지가 어떻게 바뀔지 먼저 보여 줍니다.
last-run = 마지막 묶기
run-clusters = { $tracks } → { $clusters }
run-model = 모델 { $name }
run-engine = 엔진 { $name }
run-certainty = 확실성 { $value }
run-radius = 반경 { $value }
run-head = 헤드 { $name }
run-project = 프로젝트 { $path }

### The radius

radius = 반경
radius-figures = 반경 값
radius-own-at = 이 모델에 알려진 값 ({ $value })
radius-estimated = 트랙에서 추정
radius-estimated-at = 트랙에서 추정 ({ $value })
certainty = 확실성
certainty-figures = 확실성 값
certainty-own = 틀릴 때보다 맞을 때가 많게 (0.5)
certainty-mark = 여기부터는 합치는 것이 맞을 가능성이 더 큽니다
stricter = 엄격하게
looser = 느슨하게
radius-mark-own = 헤드와 함께 학습했거나 모델 설명에 적힌 반경
radius-mark-estimated = 이 트랙에서 추정한 값
radius-working = { $value }보다 큰 값을 계산하는 중…
radius-next-run = 다음에 묶을 때 적용됩니다.

### A second opinion

second-opinion = 다른 방법의 의견
second-opinion-ask = 다른 방법의 의견…
second-opinion-tip = 다른 방법으로 묶어 보고 어디가 다른지 보여 줍니다
close-second = 다른 방법의 의견 닫기
second-alike = { $method } 방법은 인물 { $n }명 중 { $alike }명에서 일치합니다.
second-agree = 둘의 결과가 모두 같습니다.
second-note = { $differences }에 { $tracks }, 큰 차이부터 보여 줍니다. 적용은 보통 편집이며, 되돌릴 수 있습니다.
parameters = 매개변수
ask-again = 다시 물어보기
ask-again-tip = 이 매개변수로 새로 묶어 봅니다
look-at-identity = 이 인물 보기
second-facts = { $tracks }, { $pairs }
not-same-said = 다른 사람: { $a }, { $b }
not-same-tip = 다른 사람입니다. 다시 묻지 않습니다
wish-merge = 합치기
wish-move = 옮기기
wish-split = 나누기
wish-merge-said = { $other } ({ $tracks })를 { $title }에 합치기
wish-move-said = { $other }의 { $tracks }를 { $title }{ JOSA($title, "으로", "로") } 옮기기
wish-split-said = { $title }에서 { $tracks } 나누기
is-two-people = 두 사람임

### Export

export-heading = 내보내기
export-folder = 새 폴더 또는 빈 폴더
browse = 찾아보기…
export-note = 인물마다 폴더가 하나씩 생기고, 그 옆에 { $files }, { $last } 파일이 저장됩니다.
export-pictures = 사진
export-identities = 인물
link-copy = 복사: 독립적이며 같은 공간을 다시 씀
link-hard = 하드 링크: 공간이 더 들지 않음, 같은 드라이브에서만 가능
link-symbolic = 심볼릭 링크: 공간이 더 들지 않음, 트랙을 옮기면 끊어짐
export-all = 무시한 인물을 뺀 모두 ({ $n })
export-named = 이름이 있는 인물만 ({ $n })
export-selected = 선택한 인물만 ({ $n })
export-everybody = 무시한 인물까지 모두 ({ $n })
export-unassigned = 미지정에 있는 트랙 { $n }개는 빠집니다.

### What a re-run would change

rerun-heading = 다시 묶으면 바뀌는 것
rerun-model = { $model } 모델로 묶은 결과입니다. 일부라도 적용하면 { $model } 모델이 프로젝트의 모델이 됩니다.
rerun-how = 아직 아무것도 바뀌지 않았습니다. 그대로 둘 부분은 클릭하거나, 화살표로 옮겨 가 스페이스를 눌러 선택을 해제하세요. Enter를 누르면 선택한 부분이 편집 하나로 적용되고, Esc를 누르면 모두 버립니다.
rerun-part = { $n }번 부분
rerun-come = 새 트랙
rerun-leave = 미지정이 됨
rerun-merge = 합쳐짐
rerun-split = 나뉨
rerun-move = 트랙이 옮겨 감
rerun-ends = 비게 됨 (전에는 { $tracks })
rerun-adopt = { $all }개 중 { $n }개 적용
rerun-tick-all = 모두 선택
rerun-untick-all = 모두 해제
rerun-later = 갤러리로 갑니다. 적용하거나 버릴 때까지 결과는 기다립니다
rerun-nothing-left = 그동안의 편집으로, 다시 묶어도 바뀔 것이 남지 않았습니다.
rerun-waits = 다시 묶은 결과가 확인을 기다립니다. 아직 아무것도 바뀌지 않았습니다.
rerun-look = 확인하기
rerun-adopted = { $all }개 부분 중 { $n }개를 적용했습니다. 되돌리면 이전 상태로 돌아갑니다
rerun-dropped = 다시 묶은 결과를 버렸습니다. 바뀐 것이 없습니다
rerun-same = 다시 묶어도 바뀌는 것이 없습니다.

### Learning

learn = 학습
learn-corrections = 내가 고친 것에서 배우기
    .doc = 이름을 붙이고 확정하고 연결한 인물에게서 배웁니다. 바뀌기 전에 무엇이 바뀔지 먼저 보여 줍니다.
learn-finetune = 이 트랙에 맞추기
    .doc = 이름 없이 배웁니다. 한 트랙의 얼굴은 한 사람이고, 동시에 나오는 트랙은 다른 사람입니다.
learn-note = 이 프로젝트에 더 맞는 투영과 반경을 찾습니다. 적용하기 전에는 아무것도 바뀌지 않습니다.
learned-corrections = 고친 내용에서 배웠습니다
learned-finetune = 이 트랙에 맞췄습니다
proposal-note = 이름을 붙이거나 합치거나 확정하거나 옮긴 인물은 그대로 있습니다. 되돌리면 모두 원래대로 돌아옵니다.
adopt = 적용
drop = 버리기
drop-tip = 바뀌는 것이 없습니다
held-out-tracks = 따로 남겨 둔 확정 트랙 { $n }개: BCubed F { $before } → { $after }
held-out-pairs = 따로 남겨 둔 아는 쌍 { $n }개: 틀린 쌍 { $before } → { $after }
no-change = 다른 인물로 옮겨 가는 트랙이 없습니다.
would-change = 인물 { $before }명 → { $after }명, 바뀜 { $changed }명, 그대로 { $same }명
change-new = 새 인물, { $tracks }
change-ends = 비게 됨 ({ $tracks } 옮겨 감)
change-size = { $before } → { $tracks }
and-more = 외 { $n }개
sheet-note = 화살표 키로 이동하고 Shift를 함께 누르면 선택합니다. 클릭, Shift+클릭, Ctrl+클릭으로도 선택합니다.

### What the tables of the rooms below say; in English they say it themselves

setting-model = 모델
    .doc = 얼굴을 구별하는 신경망입니다.
setting-method = 방법
    .doc = 트랙을 묶는 방법입니다.
parameter-radius = 반경
    .doc = 한 사람의 얼굴이 얼마나 달라 보여도 되는지: 작으면 사람을 나누고, 크면 더 많이 묶습니다.
setting-head = 헤드
    .doc = 사람을 구별하도록 모델 위에 더 학습한 부분: 모델 자체의 것, 없음, 또는 파일.
setting-frames_per_track = 트랙당 프레임
    .doc = 트랙마다 고르게 골라 살펴볼 프레임 수입니다. 0이면 모두 봅니다.
setting-pooling = 풀링
    .doc = 트랙의 프레임을 하나로 모으는 방법: 품질에 따라, 똑같이, 가장 전형적인 것 하나, 또는 제공된 어텐션 헤드.
setting-crops = 자르기
    .doc = 사진이 얼굴 주위에 여백을 두었는지, 이미 다섯 점 틀에 맞춰졌는지.
setting-photographs = 큰 사진
    .doc = 크고 길쭉한 사진을 얼굴이 아닌 전체 사진으로 보고 거절할지.
setting-pictures = 낱장 사진
    .doc = 자기 폴더가 없는 사진에서 무엇을 한 트랙으로 볼지. 이름이 같은 사진들(<track>_<frame>), 또는 사진 한 장씩. 인물별은 폴더 하나를 한 사람으로, 그 안의 사진 한 장을 한 트랙으로 봅니다. 자동은 이름에서 알아냅니다.
setting-overlaps = 시간 겹침
    .doc = 한 영상의 두 트랙이 얼마나 겹쳐도 같은 사람일 수 있는지. 프레임 수로, 또는 시간이 정확하지 않으면 무시. 맞닿기만 한 트랙은 겹치지 않습니다.
setting-engine = 엔진
    .doc = 사용할 추론 엔진입니다. 프로그램이 실행되는 동안에는 바꿀 수 없습니다.
method-likelihood = 가능성 연결
    .doc = 같은 사람일 가능성이 가장 큰 두 묶음을, 아닐 가능성보다 큰 동안 거듭 합칩니다. 이 폴더의 트랙들이 서로 얼마나 닮았는지에 따라 판단합니다.
method-bcl = 볼 클러스터
    .doc = 하나의 공 안에 모두 들어오는 트랙을 묶고, 인물 수는 스스로 찾습니다.
method-facemap = FaceMap
    .doc = 비슷한 얼굴을 따라 걸으며 머무는 곳을 묶습니다. 발표된 그대로는 한 번만 나오는 사람까지 끌어들이지만, 게이트 4.5는 그들을 따로 둡니다.
method-lgcn = L-GCN
    .doc = 학습된 신경망이 이웃 사이의 연결을 주변을 보고 판단합니다. 모델에 맞는 헤드가 필요합니다.
method-agglomerative = 병합 군집
    .doc = 가장 비슷한 두 묶음을 정해진 유사도까지 계속 합칩니다.
method-dbscan = DBSCAN
    .doc = 빽빽한 이웃의 트랙을 사슬처럼 잇고, 나머지는 따로 둡니다.
method-hdbscan = HDBSCAN
    .doc = 밀도가 높아져도 남는 묶음을 저마다의 밀도에서 찾습니다.
method-chinese-whispers = Chinese Whispers
    .doc = 트랙마다 이웃 대부분이 말하는 인물을 따르기를 더 바뀌지 않을 때까지 되풀이합니다.
method-rank-order = 순위 기반
    .doc = 서로 가장 가까운 이웃이면서 더 가까운 이웃을 공유하는 트랙을 잇습니다.
parameter-certainty = 확실성
    .doc = 합칠 때 얼마나 확실해야 하는지. 높이면 사람들이 더 나뉘고, 낮추면 더 합쳐집니다.
parameter-search = 비교
    .doc = 모든 트랙 쌍을 비교할지, 아주 큰 자료에서는 색인이 제안한 쌍만 비교할지.
parameter-k = 이웃 수
    .doc = 트랙마다 가장 비슷한 트랙 몇 개와 비교할지.
parameter-similarity = 유사도
    .doc = 두 트랙을 이웃으로 보거나 두 묶음을 합치려면 얼마나 비슷해야 하는지(코사인).
parameter-min_samples = 밀도
    .doc = 묶음의 중심이 되려면 자신을 포함해 트랙 몇 개가 가까이 있어야 하는지.
parameter-min_cluster_size = 가장 작은 묶음
    .doc = 이보다 적은 트랙은 묶음이 아니며 따로 둡니다.
parameter-rank_distance = 순위 거리
    .doc = 두 트랙을 이으려면 가장 가까운 이웃들이 얼마나 달라도 되는지.
parameter-linkage = 연결 방식
    .doc = 두 묶음의 유사도를 가장 가까운 트랙, 모든 쌍의 평균, 가장 먼 트랙 중 무엇으로 볼지.
parameter-window = 창
    .doc = 낯선 사람이 시작되는 자리를 이웃 몇 개에 걸쳐 찾을지. 트랙마다 절반 넘게 남깁니다.
parameter-flow = 흐름
    .doc = 유사도를 공개된 프로그램처럼 양방향으로 볼지, 논문처럼 트랙에서 이웃으로만 볼지.
parameter-gate = 게이트
    .doc = 연결이 낯선 사람 사이의 유사도보다 표준 편차 몇 배 높아야 하는지. 0은 발표된 방법, 4.5는 낯선 사람을 따로 둡니다.
parameter-floor = 하한
    .doc = 신경망이 연결을 얼마나 확신해야 인정할지. 높으면 사람을 나눕니다.
parameter-step = 단계
    .doc = 너무 큰 묶음을 얼마나 빨리 나눌지: 남은 폭의 이 비율만큼 문턱이 올라갑니다.
parameter-seed = 시드
    .doc = 시드가 다르면 트랙을 다른 순서로 봅니다.
word-auto = 자동
word-none = 없음
word-exact = 정확히
word-approximate = 근사
word-quality = 품질
word-mean = 평균
word-raw-mean = 단순 평균
word-medoid = 대표값
word-loose = 여백 있음
word-aligned = 정렬됨
word-refuse = 거절
word-allow = 허용
word-forbid = 금지
word-ignore = 무시
word-single = 최단
word-pictures-tracks = 이름별
word-pictures-single = 한 장씩
word-pictures-people = 인물별
word-average = 평균
word-complete = 최장
word-undirected = 양방향
word-directed = 한 방향
stage-choosing-how-links-become-clusters = 연결을 묶음으로 바꾸는 방법을 고르는 중
stage-clustering = 묶는 중
stage-choosing-the-threshold = 문턱값을 고르는 중
stage-comparing-tracks = 트랙을 비교하는 중
stage-comparing-with-what-was-held-out = 남겨 둔 것과 비교하는 중
stage-downloading-the-model = 모델을 내려받는 중
stage-installing-the-model = 모델을 설치하는 중
stage-downloading = 내려받는 중
stage-drawing-tracks = 트랙을 그리는 중
stage-estimating-the-radius = 반경을 추정하는 중
stage-exporting = 내보내는 중
stage-finding-neighbours = 이웃을 찾는 중
stage-finding-the-last-run = 마지막 결과를 찾는 중
stage-grouping-tracks = 트랙을 묶는 중
stage-indexing-tracks = 트랙 색인을 만드는 중
stage-keeping-what-was-learned = 학습한 내용을 저장하는 중
stage-loading-the-model = 모델을 불러오는 중
stage-looking-at-faces = 얼굴을 분석하는 중
stage-looking-through-the-folder = 폴더를 살펴보는 중
stage-opening-the-project = 프로젝트를 여는 중
stage-reading-the-embeddings = 임베딩을 읽는 중
stage-reading-the-matrix = 행렬을 읽는 중
stage-reading-tracks = 트랙을 읽는 중
stage-scoring-neighbours = 이웃을 평가하는 중
stage-training = 학습하는 중
stage-verifying-models = 모델을 확인하는 중
stage-verifying-the-download = 내려받은 파일을 확인하는 중
failed = 작업하지 못함: { $why }

# Timeline
timeline-title = 타임라인
timeline-empty = 아직 트랙이 없습니다.
timeline-video = 비디오
timeline-no-video = (이름 없는 비디오)
timeline-no-times = 이 비디오의 트랙에는 시간 정보가 없습니다. 시간은 트랙 옆의 tracks.csv에서 읽습니다.
timeline-untimed = 이 비디오의 트랙 { $n }개는 시간 정보가 없어 표시되지 않습니다.
timeline-unassigned = 미지정
timeline-cursor = { $who }, 트랙 { $track }, { $times }
zoom-in = 확대  (+)
zoom-out = 축소  (−)
zoom-whole = 전체 보기  (0)
# Map
map-title = 지도
map-draw = 지도 그리기
map-draw-again = 다시 그리기
map-never-the-truth = 비슷한 얼굴은 가까이 놓이며, 거리는 대략적입니다. 점 둘레를 끌어 트랙을 선택하고, 오른쪽 단추로 끌어 옮기고, 휠로 확대합니다.
map-old = 이 지도는 이전 실행의 결과입니다.
map-placed = 트랙이 너무 많아 { $n }개는 가장 비슷한 트랙 옆에 놓았습니다.
map-chosen = 선택한 트랙: { $n }개
map-clear = 선택 해제
map-spoken = 트랙 { $n }개의 지도. 옆 목록에 같은 트랙이 있습니다
map-list = 지도의 트랙
# Strangers
strangers-title = 모르는 사람
strangers-note = 이 제한에 모두 못 미치는, 이름 없는 사람들입니다. 한 번의 편집으로 무시하며, 되돌릴 수 있습니다.
strangers-here = 무시할 사람
strangers-aside = 이미 무시한 사람
strangers-tracks = 트랙 수 최대
strangers-seconds = 나온 시간 최대
strangers-blurred = 선명도 최대
strangers-blurred-doc = 가장 선명한 얼굴의 선명도입니다. 0.05는 흐리고 0.15 이상은 선명합니다.
strangers-reading = 얼굴의 선명도를 재는 중…
strangers-untimed = 시간을 알 수 없어 { $n }명을 뺐습니다.
strangers-unmeasured = 선명도를 잰 적이 없어 { $n }명을 뺐습니다.
strangers-none = 이 제한에 해당하는 사람이 없습니다.
strangers-ignore = { $n }명 무시하기
strangers-restore = { $n }명 다시 가져오기


## Same person?

pairs-heading = 같은 사람인가요?
pairs-left = 남은 결정 약 { $n }개
pairs-left-tip = 예상: 이름 지정 { $names }건, 여기서 답할 질문 { $answers }건, 의심되는 트랙 { $doubtful }개
pairs-one = 한 쌍씩
pairs-many = 열두 쌍씩
pairs-waiting = 작업을 가장 많이 줄여 줄 질문을 찾는 중…
pairs-vain = 아직 질문이 없습니다
pairs-vain-why = 얼굴 데이터가 없습니다. 다시 묶으면 만들어집니다.
pairs-done = 더 물어볼 것이 없습니다
pairs-done-passed = 남은 질문 { $n }개는 건너뛴 것입니다
pairs-open = 같은 사람일 수 있는 쌍이 아직 { $n }개 있습니다.
pairs-rest = 나머지는 누구?
rest-how = 이름 없는 인물마다 가장 비슷한 이름 있는 사람을 나란히 보여 줍니다. Enter를 누르면 선택한 쌍을 합치고, 나머지는 답하지 않은 채 둡니다.
rest-everybody = 모두 이름이 있음: 전부 선택
rest-done = 알아볼 인물이 남지 않았습니다
pairs-done-all = 모두 이름이 있고, 같은 사람으로 보이는 쌍이 없습니다.
pairs-done-names = 같은 사람으로 보이는 쌍이 더 없습니다. 아직 이름이 없는 인물이 { $n }명 있습니다.
pairs-to-gallery = 갤러리로
pairs-skipped-again = 건너뛴 질문 보기
likely-very = 거의 확실
likely = 아마도
likely-unsure = 불확실
likely-not = 가능성 낮음
pairs-evidence = { $likely } · 유사도 { $similarity }
pairs-stranger = 무시한 인물과 닮았습니다
pairs-many-how = 틀린 쌍은 클릭해 빼고, 맞는 쌍은 넣으세요. Enter를 누르면 선택한 쌍을 합치고, 나머지는 답하지 않은 채 둡니다.
pairs-accept = { $n ->
    [0] 다음 쪽
   *[other] { $n }쌍 합치기
}
pairs-spoken = { $a }, { $b }
## Why

why-nobody = 트랙 하나나 둘, 또는 인물 둘을 선택하면 근거가 표시됩니다.
why-no-face = 비교할 수 있는 얼굴이 없습니다.
why-track-in = { $identity }의 { $track }
why-track = { $track }
why-pair = { $a }, { $b }
why-similarity = 유사도
why-similarity-doc = 두 벡터의 코사인 값. 1이면 같은 사진, 0이면 공통점이 없습니다
why-distance = 거리
why-distance-doc = 두 벡터의 제곱 거리, 0에서 4까지
why-margin = 차이
why-margin-doc = 이 트랙이 가장 가까운 다른 인물보다 자기 인물에 얼마나 더 가까운지. 0보다 작으면 다른 인물이 더 가깝습니다
why-belongs = 이 인물일 가능성
why-same = 같은 사람일 가능성
why-same-doc = 신원이 알려진 사람들에서, 이 거리의 쌍이 같은 사람이었던 비율
why-together = { $a }, { $b }: 같은 시각에 함께 나옵니다
why-cannot = { $a }, { $b }: 다른 사람이라고 표시했습니다
why-must = { $a }, { $b }: 같은 사람이라고 표시했습니다
why-nearest-own = 같은 인물 중 가장 가까운 트랙
why-nearest-here = 한쪽에서 결정한 트랙
why-nearest-there = 다른 쪽에서 결정한 트랙
why-rivals = 다른 후보
why-frames = 사용한 얼굴 { $n }개
why-frame-none = 얼굴을 찾지 못했습니다
why-frame-weight = 비중 { $percent }%

## Splitting and checking

parting-heading = 나누기
parting-parts = { $n }개로
parting-fewer = 더 적게
parting-more = 더 많이
parting-accept = { $n }개 떼어 내기
parting-how = +와 −로 개수를 바꾸고, End를 누르면 트랙마다 하나씩 나눕니다. 클릭하면 여기에 두거나 떼어 냅니다. Enter를 누르면 나눕니다.
parting-goes = 떼어 냄
parting-stays = 남김
parting-spoken = { $n }번째 부분, { $title }, { $facts }
parting-none = 나눌 것이 없습니다. 쓸 수 있는 트랙이 하나뿐입니다.
checking-heading = 확인
checking-how = 덜 전형적인 것부터 보여 줍니다. 이 인물이 아닌 얼굴을 클릭하고 Enter를 누르면 나머지가 확정됩니다.
checking-all-right = 모두 맞음
checking-accept = { $n }개 빼고 나머지 확정
checking-spoken = 트랙 { $track }: 이 인물이 맞음
checking-nearer = { $name }에 더 가까움

## Clashes, namesakes, history

clash-heading = 한 사람이 한 화면에 두 번 나올 수 없습니다
clash-seen = 같은 시각에 함께 나오는 트랙 { $n }쌍:
clash-said = 다른 사람이라고 표시한 { $n }쌍:
clash-why = 거울, 벽에 걸린 사진, 화면 분할에서는 한 사람이 두 번 보일 수 있습니다. 되돌릴 수 있습니다.
clash-heading-said = 앞선 결정과 어긋납니다
clash-joined = 차례로 같은 사람이라고 표시한 트랙 { $n }개:
clash-why-said = 마지막 결정이 우선하며, 어긋나는 결정은 지워집니다. 되돌릴 수 있습니다.
clash-leave = 따로 두기
clash-leave-one = 함께 두기
clash-part-anyway = 그래도 따로 두기
clash-anyway = 그래도 합치기
clash-anyway-tip = 알려진 사실보다 우선하며, 어긋나는 이전 결정은 지워집니다
namesake-heading = ‘{ $name }’이라는 이름이 이미 있습니다
namesake-same = 같은 사람  (Y)
namesake-same-tip = 두 인물을 합칩니다
namesake-other = 다른 사람  (N)
namesake-other-tip = 이름만 같은 두 사람
past-how = 편집 { $n }건. 클릭하면 그 시점으로 이동하며, 아무것도 사라지지 않습니다.
past-here = 현재 위치
past-undone = 되돌림
past-aside = 다른 갈래

## Questions

place-questions = 질문
place-proposal = 다시 묶은 결과 확인
action-check = 확인하기
    .doc = 의심스러운 트랙부터 살펴보고 나머지를 확정합니다
action-apart = 낱개로 나누기
    .doc = 여러 사람이 나오는 인물의 트랙을 하나씩 따로 둡니다
action-part = 나누기 제안…
    .doc = 이 인물을 어떻게 나눌 수 있는지 보고 나눕니다
action-pairs = 같은 사람인가요?
    .doc = 일을 가장 많이 덜어 주는 질문에 답합니다
action-timeline = 타임라인
    .doc = 누가 언제 나오는지 봅니다
action-map = 지도
    .doc = 모든 트랙을 점으로 봅니다
action-strangers = 모르는 사람
    .doc = 거의 나오지 않는 사람을 한꺼번에 무시합니다
action-why = 이유
    .doc = 찬반 근거를 보이거나 숨깁니다
action-history = 기록
    .doc = 모든 편집을 보이거나 숨깁니다
action-same = 같은 사람
    .doc = 둘을 하나로 합칩니다
action-different = 다른 사람
    .doc = 기억하며 다시 묻지 않습니다
action-skip = 건너뛰기
    .doc = 나중에 묻습니다. 아무것도 기억하지 않습니다
action-accept = 적용
    .doc = 표시된 대로 이 페이지나 격자를 적용합니다
action-ask-again = 다시 묻기
    .doc = 건너뛴 질문을 봅니다
action-proposal = 바뀌는 것
    .doc = 기다리는 결과를 적용하면 무엇이 바뀌는지 봅니다
action-adopt = 적용
    .doc = 선택한 부분을 적용합니다. 나머지는 그대로 있습니다
action-drop = 버리기
    .doc = 바뀌는 것이 없습니다. Esc를 눌러도 됩니다
look-at = 보기

### The palette, and why something cannot be done now

action-palette = 명령…
    .doc = 글자 몇 개로 할 수 있는 일을 모두 찾습니다
palette-hint = 명령, 페이지, 이름을 적으세요
palette-nothing = 찾은 항목이 없습니다.
palette-page = 이 페이지로 이동
not-open = 먼저 프로젝트를 여세요
not-here = 이 페이지에서는 할 수 없습니다
not-anybody = 아직 인물이 없습니다
not-one-identity = 먼저 인물을 하나 선택하세요
not-two-or-more = 먼저 인물을 둘 이상 선택하세요
not-two = 먼저 인물 둘이나 트랙 둘을 고르세요
not-chosen = 먼저 인물을 선택하세요
is-confirmed = 이미 확정되었습니다
not-tracks = 먼저 트랙을 선택하세요
not-one-track = 먼저 트랙을 하나 선택하세요
not-one-pair = 한 쌍씩 물어볼 때만 할 수 있습니다
not-several-tracks = 트랙이 하나뿐입니다
not-two-tracks-or-more = 먼저 트랙을 둘 이상 선택하세요
not-in-tray = 이미 미지정인 트랙입니다
not-read-only = 이 프로젝트는 읽기 전용입니다
not-busy = 이미 다른 작업이 실행 중입니다
not-proposed = 확인을 기다리는 결과가 없습니다
not-ticked = 먼저 적용할 부분을 선택하세요
pairs-falls = 섞인 인물
falls-how = 여러 사람으로 보이는 인물들입니다. 한 사람인 인물은 클릭해 빼고, Enter를 누르면 선택한 인물을 나눕니다.
falls-accept = { $n }명 나누기
falls-done = 섞인 인물을 찾지 못했습니다
model-castlist-face = 기본 모델: 내장되어 있어 네트워크 없이 작동합니다. 선명한 얼굴에는 좋지만 옆모습, 어두운 곳, 아주 작은 얼굴에는 불확실합니다.
model-castlist-align = 느슨하게 자른 얼굴에서 다섯 점을 너비와 높이의 비율로 찾습니다. 옆모습에 가장 약합니다.
model-castlist-detect = 기본 검출 모델: 내장되어 있고 오프라인에서 작동합니다. 영화에서는 강한 검출기가 찾는 얼굴의 4분의 1을 놓치고, 몇몇 무늬를 얼굴로 봅니다.
model-castlist-detect-384x640 = 한 크기에서 더 빠른 내장 엔진을 위한 castlist-detect: 가로로 긴 화면.
model-castlist-detect-640x384 = 한 크기에서 더 빠른 내장 엔진을 위한 castlist-detect: 세로로 긴 화면.
model-scrfd-2_5g = Castlist로 측정한 것 가운데 가장 강한 검출기입니다.
model-yunet-n = 만든 이들이 공개한 그대로의 YuNet: yunet과 같은 네트워크입니다.
model-edgeface-xs = 크기에 비해 강합니다(LFW 99.58 %). 해시로 알아보며, 함께 제공하거나 내려받지 않습니다.
model-edgeface-xxs = 공개된 값: LFW 99.57 %, CFP-FP 93.63 %, AgeDB 94.92 %. 매개변수 124만 개. 여기서 측정하지 않았습니다.
model-edgeface-xs-gamma-06 = 공개된 값: LFW 99.73 %, CFP-FP 94.71 %, AgeDB 96.08 %. 매개변수 177만 개. 여기서 측정하지 않았습니다.
model-edgeface-s = 공개된 값: LFW 99.78 %, CFP-FP 95.74 %, AgeDB 97.03 %. 매개변수 365만 개. 여기서 측정하지 않았습니다.
model-edgeface-base = 공개된 값: LFW 99.83 %, CFP-FP 97.01 %, AgeDB 97.60 %. 매개변수 1820만 개. 여기서 측정하지 않았습니다.
model-adaface-ir-18 = 화질이 낮은 사진을 위해 학습한 IResNet-18. 매개변수 약 2400만 개. 여기서 측정하지 않았습니다.
model-adaface-ir-50 = 화질이 낮은 사진을 위해 학습한 IResNet-50. 매개변수 약 4360만 개. 여기서 측정하지 않았습니다.
model-adaface-ir-101 = 화질이 낮은 사진을 위해 학습한 IResNet-101. 매개변수 약 6520만 개. 여기서 측정하지 않았습니다.
model-mobilefacenet-casia = CASIA-WebFace로 학습했습니다. 실제 영상에서 옆모습이나 아주 작은 얼굴은 다른 사람을 같은 사람으로 보며, 반경으로도 나아지지 않습니다. 해시로 알아보며, 라이선스가 없어 배포할 수 없습니다.
model-sface = 어떤 용도로든 쓸 수 있습니다. OpenCV Zoo의 모델이며, LFW 99.40 %로 공개되었습니다. 영화에서 내장 모델보다 나은지는 여기서 측정하지 않았습니다.
model-sface-int8 = 8비트 가중치의 SFace: 크기는 4분의 1이고 정확도는 조금 낮습니다.
model-yunet = 사진 전체에서 다섯 점과 함께 얼굴을 찾습니다. OpenCV Zoo의 모델입니다.
stage-comparing-identities = 인물을 비교하는 중
stage-drawing-the-map = 지도를 그리는 중
stage-placing-the-other-tracks = 나머지 트랙을 배치하는 중
stage-tracking-faces = 얼굴을 추적하는 중
stage-reading-face-measures = 얼굴에서 잰 값을 읽는 중

### 인물 보관함

known-title = 인물 보관함
known-note = 이름 없는 인물에 보관함의 이름을 제안합니다. 수락하기 전에는 아무 이름도 붙이지 않습니다.
known-other = 다른 보관함…
known-here = 여기서 알아본 사람 ({ $n })
known-members = 보관함의 사람 ({ $n })
known-keep-all = 이름 붙인 { $n }명 모두 보관
known-reading = 보관함을 읽는 중…
known-comparing = 얼굴을 비교하는 중…
known-none = 아직 인물 보관함이 없습니다
known-none-how = 이름 붙인 사람을 보관하면 다음 프로젝트에서 알아봅니다.
known-nobody = 보관함의 사람을 여기서 찾지 못했습니다
known-nobody-how = 이미 이름이 있거나 다른 사람이라고 표시한 인물은 다시 제안하지 않습니다.
known-unseen = 보관한 트랙 { $n }개는 사진이 없거나 얼굴이 보이지 않아 이 모델의 얼굴 데이터가 없습니다.
known-how = 왼쪽은 보관함, 오른쪽은 이 프로젝트입니다. 가능성이 높은 것은 이미 선택되어 있습니다. 틀린 것을 눌러 빼고 Enter를 누르세요. N은 이 사람이 아니라는 뜻입니다.
known-accept = 선택한 { $n }명에 이름 붙이기
known-rival = 다음: { $name }, { $likely }
known-spoken = { $who }, { $name }, { $likely }
known-not = { $name } 아님
known-not-this = 이 사람 아님
known-not-doc = 기억합니다. 이 트랙을 이 사람으로 다시 제안하지 않습니다.
members-none = 보관함에 아무도 없습니다
members-name = 보관함의 이름
members-rename = 이름 바꾸기
members-rename-done = 이름 바꾸기
members-merge = 같은 사람
members-remove = 보관함에서 빼기
members-undo = 보관함 실행 취소
members-redo = 보관함 다시 실행
members-facts = 트랙 { $n }개, 프로젝트 { $looks }개
members-from = 출처: { $from }
shelved-rename = 보관함에서 { $name }{ JOSA($name, "으로", "로") } 이름을 바꿨습니다
shelved-merge = 보관함의 { $n }명을 한 사람으로 합쳤습니다
shelved-remove = 보관함에서 한 사람을 뺐습니다
shelved-erased = 보관함에서 삭제했습니다
shelved-undo = 보관함에서 실행을 취소했습니다
shelved-redo = 보관함에서 다시 실행했습니다
kept-people = { $n }명을 보관함에 넣었습니다
keeping-heading = 보관함에 같은 이름이 { $n }명 있습니다
keeping-note = 보관함의 사람과 같은 사람입니까, 아니면 이름만 같은 다른 사람입니까?
keeping-same = 같은 사람
keeping-others = 이름만 같은 다른 사람
choose-library = 보관함이 있는 폴더
did-recognise = { $who }{ JOSA($who, "을", "를") } { $name }{ JOSA($name, "으로", "로") } 알아보았습니다
did-know = { $name }{ JOSA($name, "을", "를") } 보관함의 { $name }{ JOSA($name, "으로", "로") } 표시했습니다
did-unlike = 트랙 { $n }개는 보관함의 { $name }{ JOSA($name, "이", "가") } 아니라고 표시했습니다
did-unlike-who = { $who }{ JOSA($who, "은", "는") } 보관함의 { $name }{ JOSA($name, "이", "가") } 아니라고 표시했습니다
action-known = 인물 보관함
    .doc = 이름 없는 인물에 제안된 보관함 이름을 봅니다
action-keep = 보관함에 넣기
    .doc = 다른 프로젝트에서도 이 사람을 알아봅니다
not-named = 먼저 이름을 붙이세요
stage-keeping-people = 인물을 보관하는 중
stage-reading-the-library = 보관함을 읽는 중
stage-changing-the-library = 보관함을 바꾸는 중

### 인물, 얼굴, 정보

faces = 얼굴 { $n }개
faces-everybody = 모두
    .doc = 목록에 있는 모든 인물의 트랙
faces-of = 인물 { $n }명
faces-how = 왼쪽에서 인물을 고르면 트랙이 보입니다. 트랙을 끌어 다른 인물에 놓으면 옮겨지고, 빈 곳에서 끌면 여럿이 선택됩니다.
chip-doubtful = 의심
    .doc = 다른 사람일 가능성이 더 큰 트랙이 있는 인물
doubt-badge = { $n } ?
doubtful-track = 다른 사람일 가능성이 더 큽니다
sort-faces = 얼굴 많은 순
sort-doubtful = 의심 트랙 많은 순
sort-was = { $sort } (편집 전)
sort-again = 다시 정렬
video = 영상
all-videos = 모든 영상
drop-new-person = 새 인물
inspector-details = 정보
inspector-open = 얼굴 위에 상세 정보를 보이거나 숨깁니다
name-of = { $who }의 이름
name-box = 이름: { $who }
past-of-person = 이 인물의 기록
past-of-person-none = 이 인물에 대한 결정이 아직 없습니다.
past-all = 전체 기록
inspector-nobody = 인물이나 트랙을 고르면 자세한 내용과 같은 사람일 수 있는 인물이 보입니다.
could-be-person = 같은 사람일 수 있는 인물
could-be-tracks = 이 트랙의 주인일 수 있는 인물
could-be-spoken = { $who }일 수 있음, { $likely }
could-be-nobody = 가능성 있는 인물이 없습니다.
could-be-yes = { $who }: 같은 사람
could-be-no = { $who }: 다른 사람
could-be-accept = { $n ->
   *[other] 같은 사람 ({ $n })
}
could-be-how = 클릭하면 선택되고 Shift를 누른 채 클릭하면 범위가 선택되며, 두 번 클릭하면 그 인물이 보입니다.
loupe-nothing = 이 트랙에는 사진이 없습니다.
loupe-frame = 프레임 { $n } · { $all } 중 { $at }
loupe-how = 화살표 키로 프레임을 넘기고, X로 자르고, 스페이스나 Esc로 닫습니다.
loupe-cut = 이 프레임 앞에서 자르기
    .doc = 이 프레임부터 뒤가 따로 한 트랙이 됩니다. 한 번에 되돌릴 수 있습니다 (X)
loupe-cut-first = 자르려면 양쪽에 얼굴이 있어야 합니다. 더 뒤의 프레임을 고르세요.
loupe-two-people = 두 사람의 얼굴로 보입니다. 두 번째 사람은 프레임 { $n }부터입니다.
two-people-badge = 두 사람?
two-people-track = 이 트랙에는 두 사람이 나오는 것 같습니다. U를 눌러 프레임별로 보고 자르세요.
action-cut = 트랙 자르기…
    .doc = 트랙을 프레임별로 보고, 다른 사람으로 바뀌는 곳에서 자릅니다
action-loupe = 크게 보기
    .doc = 트랙의 사진을 실제 크기로 봅니다
export-confirmed = { $n ->
   *[other] 확인한 인물만: { $n }명
}
export-unconfirmed = { $n ->
   *[other] { $n }명은 아직 확인하지 않았으며, 목록에 그렇게 적힙니다.
}
messages-more = { $n }개 더
window-panicked = Castlist 내부 오류가 발생했습니다({ $why }). 프로젝트를 다시 열었고, 편집은 모두 보존되었습니다.
window-panicked-twice = Castlist 내부 오류가 다시 발생했습니다({ $why }). 프로젝트를 닫았고, 편집은 모두 보존되었습니다.

## Files and folders of a project

project-menu = 프로젝트: { $name }
choose-model = 모델 선택
browse-model = 모델 파일 선택…
    .doc = 얼굴을 임베딩하는 ONNX 파일이면 무엇이든 됩니다. 다음 실행부터 쓰입니다
moved-heading = 트랙이 지금 어디에 있나요?
moved-note = 지금 트랙이 있는 폴더를 고르세요. 결정한 것은 모두 그대로입니다.
moved-was = 전에는 { $path }에 있었습니다
moved-use = 여기에 있습니다
moved-find = 지금 어디에 있나요?
moved-find-of = { $name }: 지금 어디에 있나요?
recent-gone = 찾을 수 없음
folder-missing = 트랙이 있던 폴더가 없습니다: { $path }
names-heading = 이름 가져오기
names-note = track과 identity 열이 있는 표입니다. 무엇이 바뀌는지 먼저 보기 전에는 아무것도 바뀌지 않습니다.
names-read = 읽기
names-would = { $people }명, { $tracks }
names-line = { $name }: { $tracks }
names-clash = { $track }: { $wanted } 대신 { $name } 그대로
names-unchanged = 트랙 { $n }개는 이미 그 이름입니다.
names-clashes = 트랙 { $n }개는 여기에서 이름이 다르며 그대로 둡니다.
names-unknown = 이름 { $n }개는 여기 없는 트랙의 것입니다.
names-import = 가져오기
merge-heading = 동료의 프로젝트 합치기
merge-note = 같은 트랙에 대한 프로젝트입니다. 둘을 합친 새 프로젝트를 만들며 원래 프로젝트는 바뀌지 않습니다. 서로 다르면 내 결정이 남습니다.
merge-do = 합치기
merged-heading = 새 프로젝트를 만들었습니다
merged-common = 트랙 { $n }개가 두 프로젝트에 모두 있습니다.
merged-people = 인물에 대한 결정 { $n }건을 더했습니다.
merged-links = 링크 { $n }개를 더했습니다.
merged-rejected = 제외한 트랙 { $n }개를 더했습니다.
merged-cuts = 자른 곳 { $n }개를 더했습니다.
merged-unknown = 트랙 { $n }개는 다른 프로젝트에만 있어 빠졌습니다.
merged-no-clash = 두 프로젝트가 어긋나는 곳이 없습니다.
merged-clashes = 다른 점 { $n }개. 내 결정이 남습니다
merged-clash = { $ours } — 다른 프로젝트: { $theirs }
merged-clashes-how = 새 프로젝트에서 다시 실행하면 다른 점 하나씩 상대의 결정을 따릅니다.
merged-open = 새 프로젝트 열기
reread-heading = 사진이 다르게 읽힙니다
reread-note = 없어지는 트랙에 대한 결정은 사라집니다. 아직 아무것도 바뀌지 않았습니다.
reread-leave = 모두 그대로 두기
read-tracks = 이름대로, <트랙>_<프레임>
read-single = 사진마다 한 트랙
read-people = 폴더마다 한 사람
pictures-single = 사진 { $n }장을 각각 한 트랙으로 읽었습니다. 다른 뜻인가요?
changes = 지난 실행 뒤로 새 트랙 { $new }개, 없어진 트랙 { $gone }개, 옮겨진 트랙 { $moved }개
sure-heading = 확실한 일치
sure-note = 뺄 줄은 클릭하세요. 한 번에 되돌릴 수 있습니다.
sure-none = 이름 있는 인물과 확실히 일치하는 이름 없는 인물이 없습니다.
sure-row = { $who }: { $name }
sure-accept = { $n }명 받아들이기
action-import-names = 이름 가져오기…
    .doc = 표에서 이름을 가져옵니다. 무엇이 바뀌는지 먼저 보여 줍니다
action-merge-project = 프로젝트 합치기…
    .doc = 이 프로젝트와 같은 트랙에 대한 동료의 프로젝트로 새 프로젝트를 만듭니다
action-moved = 트랙이 지금 어디에 있나요?
    .doc = 트랙이 있는 폴더가 지금 어디인지 알려 줍니다. 결정한 것은 모두 그대로입니다
action-sure = 확실한 일치 받아들이기…
    .doc = 이름 있는 인물과 확실히 일치하는 이름 없는 인물을 보고 한꺼번에 받아들입니다
