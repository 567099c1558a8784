//! The pages of all tracks at once, drawn without a display and driven by pointer and keys.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::{Event, Id, Key, Modifiers, PointerButton, Pos2, Role, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::base::{Cx, TrackIx};
use crate::review::{Edit, IdentityState};
use crate::session::{MapOptions, Session};
use crate::ui::app::App;
use crate::ui::app::open_project::OpenProject;
use crate::ui::lang::t;
use crate::ui::pages::map::{self, MapPage, list_id, map_id};
use crate::ui::pages::strangers::{self, StrangersPage};
use crate::ui::pages::timeline::{self, TimelinePage, page_id};
use crate::ui::view::ask::Request;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{fonts, icons, theme};

/// What is drawn, and what it asked for.
struct DrawnPage {
    project: OpenProject,
    timeline: TimelinePage,
    map: MapPage,
    strangers: StrangersPage,
    thumbs: Option<Thumbnails>,
    out: Vec<Request>,
}

#[derive(Clone, Copy, PartialEq)]
enum TestPage {
    Timeline,
    Map,
    Strangers,
}

/// Two people in one video and a third in another, nine tracks; grouped.
fn session(root: &Path) -> Session {
    let mut times = String::from("track,video,start_frame,end_frame,fps\n");
    for (person, tracks) in [4, 3, 2].into_iter().enumerate() {
        for track in 0..tracks {
            let mut row = [0.02 * track as f32, 0.01, 0.0, 0.03];
            row[person] += 1.0;
            let path = root.join(format!("film/p{person}t{track}.npy"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let header = format!("{:<117}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }");
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.as_bytes());
            bytes.extend(row.iter().flat_map(|value: &f32| value.to_le_bytes()));
            std::fs::write(path, bytes).unwrap();
            let video = if person == 2 { "second" } else { "first" };
            let start = (person * 4 + track) * 100;
            times.push_str(&format!("film/p{person}t{track},{video},{start},{},25\n", start + 49));
        }
    }
    std::fs::write(root.join("tracks.csv"), times).unwrap();
    let mut session = Session::open(root, None).unwrap();
    session.set("radius", "0.3").unwrap();
    let analysis = session.job().run(&Cx::new(), |_| {}).unwrap();
    session.finish(&analysis).unwrap();
    assert_eq!(session.review().identities().len(), 3);
    session
}

fn draw<'a>(root: &Path, which: TestPage) -> Harness<'a, DrawnPage> {
    let project = OpenProject::new(session(root));
    let mut map = MapPage::default();
    let job = project.session.map_job().unwrap();
    map.take(Arc::new(job.run(MapOptions::default(), &Cx::new()).unwrap()));
    let drawn = DrawnPage {
        project,
        timeline: TimelinePage::default(),
        map,
        strangers: StrangersPage::default(),
        thumbs: None,
        out: Vec::new(),
    };
    let frame = move |ui: &mut eframe::egui::Ui, it: &mut DrawnPage| {
        if it.thumbs.is_none() {
            fonts::install(ui.ctx());
            icons::install(ui.ctx());
            theme::install(ui.ctx());
        }
        let thumbs = it.thumbs.get_or_insert_with(|| Thumbnails::new(ui.ctx()));
        thumbs.begin_frame(ui.ctx());
        it.project.refresh();
        let (view, state) = it.project.parts(140.0, false);
        match which {
            TestPage::Timeline => timeline::show(ui, &view, &mut it.timeline, thumbs, &mut it.out),
            TestPage::Map => map::show(ui, &view, &mut state.look, &mut it.map, thumbs, &mut it.out),
            TestPage::Strangers => strangers::show(ui, &view, &mut it.strangers, thumbs, &mut it.out),
        }
    };
    let mut harness = Harness::builder().with_size([1000.0, 700.0]).build_ui_state(frame, drawn);
    harness.run_steps(3);
    harness
}

fn press(harness: &mut Harness<'_, DrawnPage>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
}

fn focus(harness: &mut Harness<'_, DrawnPage>, id: Id) {
    harness.ctx.memory_mut(|memory| memory.request_focus(id));
    harness.run_steps(2);
}

fn pointer(harness: &mut Harness<'_, DrawnPage>, to: Pos2, pressed: Option<bool>) {
    harness.event(Event::PointerMoved(to));
    if let Some(pressed) = pressed {
        let button = PointerButton::Primary;
        harness.event(Event::PointerButton { pos: to, button, pressed, modifiers: Modifiers::NONE });
    }
    harness.run_steps(2);
}

/// The track that is to be shown, taken out of what was asked for.
fn seen(harness: &mut Harness<'_, DrawnPage>) -> Option<TrackIx> {
    let out = std::mem::take(&mut harness.state_mut().out);
    out.into_iter()
        .find_map(|request| if let Request::ShowTrack(track) = request { Some(track) } else { None })
}

fn track(harness: &Harness<'_, DrawnPage>, ix: TrackIx) -> String {
    harness.state().project.session.review().track_id(ix).to_owned()
}

#[test]
fn the_timeline_leads_to_tracks_by_keys_and_by_pointer() {
    let dir = tempfile::tempdir().unwrap();
    let mut harness = draw(dir.path(), TestPage::Timeline);
    focus(&mut harness, page_id());
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    press(&mut harness, Modifiers::NONE, Key::Plus);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let shown = seen(&mut harness).unwrap();
    assert_eq!(track(&harness, shown), "film/p0t1", "the second appearance of whoever is seen longest");
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let shown = seen(&mut harness).unwrap();
    assert_eq!(track(&harness, shown), "film/p1t0", "at about the same time in the lane below");
    press(&mut harness, Modifiers::NONE, Key::Num0);

    // The first appearance of the first lane begins where the bars do.
    let mut found = None;
    for y in (60..260).step_by(8) {
        for pressed in [true, false] {
            pointer(&mut harness, pos2(203.0, y as f32), Some(pressed));
        }
        found = found.or(seen(&mut harness));
    }
    assert_eq!(track(&harness, found.unwrap()), "film/p0t0");
}

#[test]
fn the_map_selects_by_lasso_and_by_its_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut harness = draw(dir.path(), TestPage::Map);
    let chosen = |harness: &Harness<'_, DrawnPage>| harness.state().project.state.look.tracks.len();
    let corners = [(20.0, 150.0), (700.0, 150.0), (700.0, 685.0), (20.0, 685.0), (20.0, 160.0)];
    let corners = corners.map(|(x, y)| pos2(x, y));
    pointer(&mut harness, corners[0], Some(true));
    corners[1..].iter().for_each(|&at| pointer(&mut harness, at, None));
    pointer(&mut harness, corners[4], Some(false));
    assert_eq!(chosen(&harness), 9, "all points lie in a lasso around the map");
    harness.get_by_label(&t!("map-clear")).click();
    harness.run_steps(2);
    assert_eq!(chosen(&harness), 0);

    focus(&mut harness, list_id());
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    let ids: Vec<String> =
        harness.state().project.state.look.tracks.items().iter().map(|&ix| track(&harness, ix)).collect();
    assert_eq!(ids, ["film/p0t0", "film/p0t1", "film/p0t2"], "the largest identity comes first");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let shown = seen(&mut harness).unwrap();
    assert_eq!(track(&harness, shown), "film/p0t2");
    focus(&mut harness, map_id());
    press(&mut harness, Modifiers::NONE, Key::Plus);
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert!(harness.state().out.is_empty(), "looking asks for no edit");
}

#[test]
fn strangers_are_shown_before_one_edit_puts_them_aside() {
    let dir = tempfile::tempdir().unwrap();
    let mut harness = draw(dir.path(), TestPage::Strangers);
    harness.get_by_label(&t!("strangers-none"));
    harness.get_by_role_and_label(Role::CheckBox, &t!("strangers-blurred")).click();
    harness.run_steps(2);
    // Nothing was read of the faces here.
    harness.get_by_label(&t!("strangers-reading"));
    harness.get_by_role_and_label(Role::CheckBox, &t!("strangers-blurred")).click();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Slider, &t!("strangers-tracks")).focus();
    for _ in 0..6 {
        press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    }
    harness.state_mut().out.clear();
    harness.get_by_label(&t!("strangers-ignore", n = 3usize)).click();
    harness.run_steps(2);
    let Some(Request::Edit(Edit::Ignore { identities })) = harness.state().out.first() else {
        panic!("{:?}", harness.state().out)
    };
    assert_eq!(identities.len(), 3);
    let edit = Edit::Ignore { identities: identities.clone() };
    let session = &mut harness.state_mut().project.session;
    session.perform(crate::session::Command::Edit(edit)).unwrap();
    assert!(session.review().identities().all(|it| it.state == IdentityState::Ignored));
    harness.run_steps(2);
    harness.get_by_label(&t!("strangers-aside")).click();
    harness.run_steps(2);
    harness.get_by_label(&t!("strangers-restore", n = 3usize)).click();
    harness.run_steps(2);
    assert!(matches!(harness.state().out.last(), Some(Request::Edit(Edit::Restore { .. }))));
}

#[test]
fn a_panic_while_drawing_reopens_the_project_and_a_second_one_closes_it() {
    let dir = tempfile::tempdir().unwrap();
    drop(session(dir.path()));
    let root = dir.path().to_path_buf();
    let mut window = Harness::builder().with_size([1000.0, 700.0]).build_ui_state(
        move |ui: &mut eframe::egui::Ui, app: &mut Option<App>| {
            app.get_or_insert_with(|| App::with_saved_state(ui.ctx(), Some(root.clone()), None)).show(ui);
        },
        None,
    );
    let until = |window: &mut Harness<'_, Option<App>>, good: &dyn Fn(&App) -> bool| {
        for _ in 0..20_000 {
            window.step();
            if window.state().as_ref().is_some_and(good) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        panic!("nothing happened");
    };
    let is_open = |app: &App| !app.is_busy() && app.session().is_some();
    until(&mut window, &is_open);
    let rename = Edit::Rename { identity: crate::review::IdentityId(1), name: "Ada".into() };
    let app = window.state_mut().as_mut().unwrap();
    app.project.as_mut().unwrap().session.perform(crate::session::Command::Edit(rename)).unwrap();
    app.fails_in_next_frame = true;
    window.step();
    assert!(window.state().as_ref().unwrap().session().is_none(), "what may be broken is thrown away");
    until(&mut window, &is_open);
    let app = window.state_mut().as_mut().unwrap();
    assert!(app.messages().iter().any(|text| text.contains("on purpose")));
    let names = app.session().unwrap().review().identities().filter(|it| it.name.is_some()).count();
    assert_eq!(names, 1, "the name is kept");
    app.fails_in_next_frame = true;
    until(&mut window, &|app| app.session().is_none() && !app.is_busy());
    assert!(window.state().as_ref().unwrap().messages().len() >= 2);
}
