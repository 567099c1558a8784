//! `castlist review recognise`: who of the named people the other identities are, those of the project
//! itself and those of the library.
//!
//! Each identity has one proposal. A library that was not named and is not there proposes nobody.

use serde_json::{Value, json};

use super::args::RecogniseArgs;
use super::people::library_file;
use super::progress::with_bar;
use super::project_vectors::{ProjectVectors, perform};
use super::{Completion, output};
use crate::advice::{LikelyPerson, QuestionQueue, Resemblance, accept_likely, accept_recognised, unlike};
use crate::base::Cx;
use crate::review::{Edit, IdentityId, Refusal, Review};
use crate::session::{KnownPeople, SessionError};

/// The proposals, each identity in one of the lists.
struct Proposals {
    own: Vec<LikelyPerson>,
    of_library: Vec<Resemblance>,
    /// The library, where there is one.
    known: Option<KnownPeople>,
}

pub(super) fn run(args: &RecogniseArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let project = &args.of.project;
    let mut asked = if args.accept.is_some() || args.not.is_some() {
        ProjectVectors::open(project, cx)?
    } else {
        ProjectVectors::open_read_only(project, cx)?
    };
    let proposals = propose(&asked, args, cx)?;
    let (review, is_json) = (asked.review(), args.of.json);
    if let Some(numbers) = &args.not {
        let edit = proposals.chosen(numbers)?.no(review);
        return perform(&mut asked, edit, is_json);
    }
    if let Some(numbers) = &args.accept {
        let mut chosen = if numbers.is_empty() { proposals.all() } else { proposals.chosen(numbers)? };
        if args.sure || numbers.is_empty() {
            chosen = chosen.sure();
        }
        let edit = chosen.yes(review);
        if edit.is_none() {
            output::note("no identity is surely a person who has a name");
            if is_json {
                output::json(&json!({ "cursor": null }))?;
            }
            return Ok(Completion::Success);
        }
        return perform(&mut asked, edit, is_json);
    }
    show(&asked, &proposals, args)
}

fn propose(asked: &ProjectVectors, args: &RecogniseArgs, cx: &Cx) -> Result<Proposals, SessionError> {
    let path = library_file(args.library.clone());
    let path = if args.library.is_some() { Some(path?) } else { path.ok().filter(|path| path.is_file()) };
    let (vectors, review) = (&asked.vectors, asked.review());
    let queue = with_bar(cx, || QuestionQueue::new(vectors, review, cx).map_err(SessionError::from))?;
    let mut own = queue.likely_people();
    let known = path.map(|path| {
        let job = asked.session.known_job(&path).ok_or(SessionError::NothingYet)?;
        with_bar(cx, || job.run(cx))
    });
    let known = known.transpose()?;
    let mut of_library = known.as_ref().map(|known| asked.session.recognised(known)).unwrap_or_default();
    // Who is in the project is known by what the curator said of this very footage.
    let p_of_library = |id: IdentityId| of_library.iter().find(|it| it.identity == id).map(|it| it.p);
    own.retain(|it| it.is_sure || p_of_library(it.identity).is_none_or(|p| p <= it.p));
    of_library.retain(|it| own.iter().all(|own| own.identity != it.identity));
    Ok(Proposals { own, of_library, known })
}

/// Some of the proposals.
struct ChosenProposals<'a> {
    own: Vec<&'a LikelyPerson>,
    of_library: Vec<&'a Resemblance>,
}

impl Proposals {
    fn all(&self) -> ChosenProposals<'_> {
        ChosenProposals { own: self.own.iter().collect(), of_library: self.of_library.iter().collect() }
    }

    /// The proposals about these identities.
    fn chosen(&self, numbers: &[u64]) -> Result<ChosenProposals<'_>, Refusal> {
        let mut chosen = self.all();
        chosen.own.retain(|it| numbers.contains(&it.identity.0));
        chosen.of_library.retain(|it| numbers.contains(&it.identity.0));
        let is_there = |number: &u64| {
            chosen.own.iter().any(|it| it.identity.0 == *number)
                || chosen.of_library.iter().any(|it| it.identity.0 == *number)
        };
        if numbers.iter().all(is_there) {
            return Ok(chosen);
        }
        Err(Refusal::Nothing("no one is proposed for one of these identities"))
    }
}

impl ChosenProposals<'_> {
    fn sure(mut self) -> Self {
        self.own.retain(|it| it.is_sure);
        self.of_library.retain(|it| it.is_sure);
        self
    }

    fn yes(&self, review: &Review) -> Option<Edit> {
        one_gesture([accept_likely(&self.own), accept_recognised(review, &self.of_library)])
    }

    fn no(&self, review: &Review) -> Option<Edit> {
        let own = self.own.iter().map(|it| review.cannot_link(it.identity, it.person));
        one_gesture(own.chain(self.of_library.iter().map(|it| unlike(review, it))))
    }
}

/// Several edits as one gesture; none of none.
fn one_gesture(edits: impl IntoIterator<Item = Option<Edit>>) -> Option<Edit> {
    let edits = edits.into_iter().flatten();
    let mut edits: Vec<Edit> = edits.flat_map(|edit| edit.parts().to_vec()).collect();
    if edits.len() > 1 { Some(Edit::All { edits }) } else { edits.pop() }
}

fn show(
    asked: &ProjectVectors,
    proposals: &Proposals,
    args: &RecogniseArgs,
) -> Result<Completion, SessionError> {
    let Proposals { own, of_library, known } = proposals;
    let title = |id| asked.title(id);
    if args.of.json {
        return show_json(asked.review(), proposals, args);
    }
    let line = |p: f32, who: IdentityId, is: String, rival: Option<(String, f32)>, is_sure: bool| {
        let rival = rival.map(|(name, p)| format!("  (next {name}, {:.0} %)", p * 100.0));
        let (rival, sure) = (rival.unwrap_or_default(), if is_sure { "" } else { "  unsure" });
        output::line(format!("{:>4.0} %  {} ({who}) is {is}{rival}{sure}", p * 100.0, title(who)));
    };
    for it in own {
        let rival = it.rival.map(|(id, p)| (title(id), p));
        line(it.p, it.identity, format!("{} ({})", title(it.person), it.person), rival, it.is_sure);
    }
    for it in of_library {
        line(it.p, it.identity, format!("{}, of the library", it.name), it.rival.clone(), it.is_sure);
    }
    let chosen = proposals.all().sure();
    let sure = chosen.own.len() + chosen.of_library.len();
    output::note(format!(
        "{} identities may be people who have a name, {sure} of them surely (add --accept --sure for these)",
        own.len() + of_library.len()
    ));
    match known {
        None => output::note("there is no library of people; `castlist library add` makes one"),
        Some(known) if known.n_without_vector() > 0 => {
            output::note(format!("{} kept tracks have no vector of this model", known.n_without_vector()));
        }
        Some(_) => {}
    }
    Ok(Completion::Success)
}

fn show_json(
    review: &Review,
    proposals: &Proposals,
    args: &RecogniseArgs,
) -> Result<Completion, SessionError> {
    let Proposals { own, of_library, known } = proposals;
    let own: Vec<Value> = own
        .iter()
        .map(|it| {
            let mut told = json!(it);
            told["name"] = json!(review.identity(it.person).and_then(|person| person.name.as_ref()));
            told["yes"] = json!(accept_likely(&[it]));
            told["no"] = json!(review.cannot_link(it.identity, it.person));
            told
        })
        .collect();
    let of_library: Vec<Value> = of_library
        .iter()
        .map(|it| {
            let mut told = json!(it);
            told["yes"] = json!(accept_recognised(review, &[it]));
            told["no"] = json!(unlike(review, it));
            told
        })
        .collect();
    let path = known.as_ref().and_then(|_| library_file(args.library.clone()).ok());
    output::json(&json!({
        "project_people": own,
        "library": path,
        "people": known.as_ref().map_or(0, |known| known.people().len()),
        "unseen": known.as_ref().map_or(0, KnownPeople::n_without_vector),
        "embedded": known.as_ref().map_or(0, KnownPeople::n_embedded),
        "proposals": of_library,
    }))?;
    Ok(Completion::Success)
}
