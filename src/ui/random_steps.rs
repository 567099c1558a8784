//! The window driven by random steps, without a display: filters, sorts, searches, scrolls, clicks, rubber
//! bands, edits, undos, radius moves and sizes, in any order. Nothing may panic, and what is listed is
//! always there.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{
    Context, Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, RawInput, Rect, TouchPhase, Vec2,
    pos2, vec2,
};
use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::base::{Radius, seeded};
use crate::cluster::Level;
use crate::review::{Edit, IdentityId};
use crate::session::Session;
use crate::ui::app::App;
use crate::ui::view::ask::{InspectorTab, Page, Request};
use crate::ui::view::listing::{IdentityFilter, SortOrder};

const DIM: usize = 24;
/// Steps of each project; together with the numbers of people 10,000 steps.
const STEPS: usize = 2_000;
const PEOPLE: [usize; 5] = [1, 4, 40, 300, 1_000];

/// `n` people with one to three tracks each, in two videos, grouped.
fn grouped(root: &Path, n: usize) {
    let mut rng = seeded(n as u64);
    let mut times = String::from("track,video,start_frame,end_frame,fps\n");
    for person in 0..n {
        let centre: Vec<f32> = (0..DIM).map(|_| rng.random_range(-1.0..1.0)).collect();
        for track in 0..rng.random_range(1..=3) {
            let id = format!("film/{person}-{track}");
            let path = root.join(format!("{id}.npy"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let shape = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': (1, {DIM}), }}");
            let header = format!("{shape:<117}\n");
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.as_bytes());
            let row = centre.iter().map(|value| value + rng.random_range(-0.15_f32..0.15));
            bytes.extend(row.flat_map(f32::to_le_bytes));
            std::fs::write(path, bytes).unwrap();
            let (video, start) = (person % 2, (person * 4 + track) * 100);
            times.push_str(&format!("{id},{video},{start},{},25\n", start + 49));
        }
    }
    std::fs::write(root.join("tracks.csv"), times).unwrap();
    let mut session = Session::open(root, None).unwrap();
    session.set("method", "bcl").unwrap();
    session.set("radius", "0.4").unwrap();
    let analysis = session.job().run(&crate::base::Cx::new(), |_| {}).unwrap();
    session.finish(&analysis).unwrap();
}

struct Driver {
    ctx: Context,
    app: App,
    size: Vec2,
    at: Pos2,
}

impl Driver {
    fn frame(&mut self, mut events: Vec<Event>) {
        events.insert(0, Event::PointerMoved(self.at));
        let screen = Rect::from_min_size(Pos2::ZERO, self.size);
        let input = RawInput { screen_rect: Some(screen), events, ..RawInput::default() };
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| app.show(ui));
        output.textures_delta.clear(); // nothing is painted; egui wants to be told
    }

    fn wait(&mut self) {
        let clock = Instant::now();
        while self.app.project.is_none() || self.app.is_busy() {
            self.frame(Vec::new());
            assert!(clock.elapsed() < Duration::from_mins(1), "{:?}", self.app.messages());
        }
    }

    fn button(&self, pressed: bool, modifiers: Modifiers) -> Event {
        Event::PointerButton { pos: self.at, button: PointerButton::Primary, pressed, modifiers }
    }

    fn key(&mut self, key: Key, modifiers: Modifiers) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![event(true), event(false)]);
    }

    /// Somewhere among people, faces or the inspector; not on the bar, which opens dialogs of the system.
    fn anywhere(&self, rng: &mut impl RngExt) -> Pos2 {
        pos2(rng.random_range(0.0..self.size.x), rng.random_range(70.0..self.size.y.max(71.0)))
    }

    fn step(&mut self, rng: &mut impl RngExt) {
        let kind = rng.random_range(0..16);
        let modifiers =
            *[Modifiers::NONE, Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND].choose(rng).unwrap();
        match kind {
            0 => self.look(|look, rng| look.filter = IdentityFilter::ALL.choose(rng).unwrap().0, rng),
            1 => {
                self.look(|look, rng| look.sort = SortOrder::ALL.choose(rng).unwrap().0, rng);
                self.app.requests.push(Request::SortAgain);
            }
            2 => {
                let texts = ["", "", "1", "person 2", "nobody at all", "Anna"];
                self.look(|look, rng| (*texts.choose(rng).unwrap()).clone_into(&mut look.search), rng);
            }
            3 => {
                let videos = [None, None, Some("0"), Some("1"), Some("gone")];
                self.look(|look, rng| look.video = videos.choose(rng).unwrap().map(str::to_owned), rng);
            }
            4 | 5 => self.scroll(rng),
            6 | 7 => {
                let keys = [
                    Key::Home,
                    Key::End,
                    Key::PageUp,
                    Key::PageDown,
                    Key::ArrowDown,
                    Key::ArrowUp,
                    Key::ArrowLeft,
                    Key::ArrowRight,
                    Key::Enter,
                    Key::Escape,
                    Key::Space,
                    Key::A,
                ];
                self.key(*keys.choose(rng).unwrap(), modifiers);
            }
            8 => {
                let steps = rng.random_range(1..4);
                let wanted = if rng.random_bool(0.6) { Request::Undo } else { Request::Redo };
                self.app.requests.extend(std::iter::repeat_n(wanted, steps));
            }
            9 => {
                let radius = Radius(rng.random_range(0.05..1.6));
                self.app.requests.push(Request::Cut(Some(Level::Radius(radius))));
            }
            10 | 11 => self.edit(rng),
            12 => {
                self.at = self.anywhere(rng);
                let (down, up) = (self.button(true, modifiers), self.button(false, modifiers));
                self.frame(vec![down]);
                self.frame(vec![up]);
            }
            13 => {
                self.at = self.anywhere(rng);
                self.frame(vec![self.button(true, modifiers)]);
                self.at = self.anywhere(rng);
                self.frame(Vec::new());
                self.frame(vec![self.button(false, modifiers)]);
            }
            14 => {
                self.size = vec2(rng.random_range(300.0..3000.0), rng.random_range(200.0..2000.0));
                self.app.saved_state.tile = rng.random_range(80.0..280.0);
            }
            _ => self.turn(rng),
        }
        self.frame(Vec::new());
    }

    fn look<R: RngExt>(
        &mut self,
        change: impl FnOnce(&mut crate::ui::view::state::PageState, &mut R),
        rng: &mut R,
    ) {
        if let Some(project) = &mut self.app.project {
            change(&mut project.state.look, rng);
        }
    }

    fn scroll(&mut self, rng: &mut impl RngExt) {
        self.at = self.anywhere(rng);
        let reach = *[80.0, 2_000.0, 500_000.0].choose(rng).unwrap();
        self.frame(vec![Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, rng.random_range(-reach..reach)),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: eframe::egui::MouseWheelSource::Unknown,
        }]);
    }

    fn edit(&mut self, rng: &mut impl RngExt) {
        let Some(session) = self.app.session() else { return };
        let review = session.review();
        let people: Vec<IdentityId> = review.identities().map(|it| it.id).collect();
        let Some(&one) = people.choose(rng) else { return };
        let identities = vec![one];
        let tracks = |id: IdentityId| -> Vec<String> {
            let tracks = review.identity(id).map(|it| it.tracks.clone()).unwrap_or_default();
            tracks.iter().map(|&track| review.track_id(track).to_owned()).collect()
        };
        let edit = match rng.random_range(0..8) {
            0 => Edit::Rename { identity: one, name: format!("Anna {}", rng.random_range(0..9)) },
            1 => Edit::Confirm { identities },
            2 => Edit::Ignore { identities },
            3 => Edit::Restore { identities },
            4 => Edit::merge(people.sample(rng, 3).copied().collect(), None),
            5 => Edit::split(tracks(one).into_iter().take(1).collect(), None),
            6 => Edit::Reject { tracks: tracks(one) },
            _ => Edit::move_to(tracks(one), *people.choose(rng).unwrap()),
        };
        self.app.requests.push(Request::Edit(edit));
    }

    fn turn(&mut self, rng: &mut impl RngExt) {
        let pages = [Page::People, Page::People, Page::Pairs, Page::Timeline, Page::Strangers];
        self.app.requests.push(match rng.random_range(0..5) {
            0 => Request::Go(*pages.choose(rng).unwrap()),
            1 => Request::Go(Page::People),
            2 => Request::ShowUnassigned,
            3 => Request::ShowEverybody,
            _ => Request::ToggleInspector(
                *[InspectorTab::Evidence, InspectorTab::History].choose(rng).unwrap(),
            ),
        });
    }

    /// What must hold after every step.
    fn check(&self, step: usize) {
        assert!(self.app.last_panic.is_none(), "step {step}: {:?}", self.app.messages());
        let Some(project) = &self.app.project else { panic!("step {step}: the project was closed") };
        let (listing, n_tracks) = (&project.listing, project.session.tracks().map_or(0, |set| set.len()));
        assert!(listing.shown().iter().all(|&id| listing.card(id).is_some()), "step {step}");
        assert!(project.tracks().iter().all(|&track| (track as usize) < n_tracks), "step {step}");
    }
}

#[test]
fn ten_thousand_random_steps_do_no_harm() {
    for n in PEOPLE {
        let dir = tempfile::tempdir().unwrap();
        grouped(dir.path(), n);
        let ctx = Context::default();
        let app = App::with_saved_state(&ctx, Some(dir.path().to_path_buf()), None);
        let mut driver = Driver { ctx, app, size: vec2(1280.0, 800.0), at: pos2(640.0, 400.0) };
        driver.wait();
        let mut rng = seeded(n as u64 + 1);
        for step in 0..STEPS {
            driver.step(&mut rng);
            driver.check(step);
        }
        driver.wait();
        // All of it is in the log, and taken back one after the other.
        let edits = driver.app.session().unwrap().history().n_edits();
        assert!(edits > 0, "{n} people: nothing was decided");
        for _ in 0..edits.min(300) {
            driver.app.requests.push(Request::Undo);
            driver.frame(Vec::new());
            driver.check(STEPS);
        }
        driver.wait();
    }
}
