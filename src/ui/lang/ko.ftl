# The window's texts in Korean. Keys and arguments are the same as in en.ftl; a test compares them.

### Counts and people

tracks = 트랙 { $n }개
identities = 인물 { $n }명
person = 인물 { $id }

### What edits did, in the history and in notices

did-unname = { $who }의 이름을 지웠습니다
did-rename = { $who }의 이름을 { $name }{ JOSA($name, "으로", "로") } 바꿨습니다
did-name = { $who }에 { $name }{ JOSA($name, "이라는", "라는") } 이름을 붙였습니다
did-merge = { $who }{ JOSA($who, "을", "를") } { $into }에 합쳤습니다
did-merge-all = { $who }{ JOSA($who, "을", "를") } 하나로 합쳤습니다
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
did-cannot-link = { $a }{ JOSA($a, "과", "와") } { $b }{ JOSA($b, "은", "는") } 서로 다른 사람이라고 표시했습니다
did-must-link = { $a }{ JOSA($a, "과", "와") } { $b }{ JOSA($b, "은", "는") } 같은 사람이라고 표시했습니다
did-adopt = 다시 묶음: { $source }
did-nothing = 변경 없음
did-more = { $first } 외 편집 { $n }건

### What edits do, in menus and tooltips

do-unname = { $who }의 이름 지우기
do-name = ‘{ $name }’ 이름 붙이기
do-merge = 인물 { $n }명 합치기
do-move = 트랙 { $n }개 옮기기
do-split = 트랙 { $n }개 나누기
do-reject = 트랙 { $n }개 제외하기
do-ignore = 인물 { $n }명 무시하기
do-restore = 인물 { $n }명 다시 가져오기
do-confirm = 인물 { $n }명 확정하기
do-cover = 대표 사진 고르기
do-cannot-link = 다른 사람
do-must-link = 같은 사람

### Why an edit was not taken

refused-identity = 인물 { $id }{ JOSA($id, "은", "는") } (더 이상) 없습니다
refused-track = 이 프로젝트에 ‘{ $track }’ 트랙이 없습니다
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

back = ‹ 뒤로
