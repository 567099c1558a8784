//! `castlist review suggest|doubtful|split|why|likely|recognise`: suggestions, and the
//! edits that its answers are.

use serde_json::{Value, json};

use super::args::AdviceAction;
use super::progress::with_bar;
use super::project_vectors::{ProjectVectors, perform};
use super::{Completion, output};
use crate::advice::{
    Evidence, QuestionQueue, SplitSuggestion, TwoPeople, checked, doubtful, likely, pair_evidence,
    track_evidence, tracks_evidence,
};
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, IdentityId, Refusal};
use crate::session::SessionError;

pub(super) fn run(action: AdviceAction, cx: &Cx) -> Result<Completion, SessionError> {
    match action {
        AdviceAction::Suggest { of, accept: true, .. } => {
            accept_sure(ProjectVectors::open(&of.project, cx)?, of.json, cx)
        }
        AdviceAction::Suggest { of, pairs, .. } => {
            suggest(&ProjectVectors::open_read_only(&of.project, cx)?, pairs, of.json, cx)
        }
        AdviceAction::Doubtful { of, identity, wrong: None } => {
            doubts(&ProjectVectors::open_read_only(&of.project, cx)?, IdentityId(identity), of.json)
        }
        AdviceAction::Doubtful { of, identity, wrong: Some(wrong) } => {
            check(ProjectVectors::open(&of.project, cx)?, IdentityId(identity), &wrong, of.json)
        }
        AdviceAction::Split { of, identity, parts, accept } => {
            let project = if accept {
                ProjectVectors::open(&of.project, cx)?
            } else {
                ProjectVectors::open_read_only(&of.project, cx)?
            };
            split(project, IdentityId(identity), (parts, accept), of.json, cx)
        }
        AdviceAction::Why { of, track, identity } => {
            why(&ProjectVectors::open_read_only(&of.project, cx)?, &track, &identity, of.json)
        }
        AdviceAction::Recognise(args) => super::recognise::run(&args, cx),
        AdviceAction::Likely { of, identity } => {
            likeliest(&ProjectVectors::open_read_only(&of.project, cx)?, IdentityId(identity), of.json)
        }
    }
}

fn suggest(project: &ProjectVectors, n: usize, as_json: bool, cx: &Cx) -> Result<Completion, SessionError> {
    let (vectors, review) = (&project.vectors, project.review());
    let queue = with_bar(cx, || QuestionQueue::new(vectors, review, cx).map_err(SessionError::from))?;
    let pairs = queue.pairs().iter().take(n);
    let left = queue.remaining();
    if as_json {
        let pairs: Vec<Value> = pairs
            .map(|pair| {
                let mut told = json!(pair);
                told["yes"] = json!(Edit::merge(vec![pair.a, pair.b], None));
                told["no"] = json!(project.review().cannot_link(pair.a, pair.b));
                told
            })
            .collect();
        output::json(&json!({ "pairs": pairs, "left": left, "decisions_left": left.total() }))?;
        return Ok(Completion::Success);
    }
    for pair in pairs {
        let stranger = if pair.stranger { "  (near an ignored identity)" } else { "" };
        let (a, b) = (project.title(pair.a), project.title(pair.b));
        output::line(format!("{:>4.0} %  {a} ({}) and {b} ({}){stranger}", pair.p * 100.0, pair.a, pair.b));
    }
    if let Some((_, n)) = queue.sure_merges() {
        output::note(format!(
            "{n} identities are surely people who have a name (add --accept to merge them)"
        ));
    }
    output::line(format!(
        "decisions left: about {} ({} names, {} questions, {} doubtful tracks)",
        left.total(),
        left.names,
        left.answers,
        left.doubtful
    ));
    Ok(Completion::Success)
}

/// Merges who surely has a name already.
fn accept_sure(mut project: ProjectVectors, as_json: bool, cx: &Cx) -> Result<Completion, SessionError> {
    let (vectors, review) = (&project.vectors, project.review());
    let queue = with_bar(cx, || QuestionQueue::new(vectors, review, cx).map_err(SessionError::from))?;
    let Some((edit, n)) = queue.sure_merges() else {
        if as_json {
            output::json(&json!({ "merged": 0, "cursor": null }))?;
        } else {
            output::note("no identity is surely a person who has a name");
        }
        return Ok(Completion::Success);
    };
    output::note(format!(
        "{n} identities are surely people who have a name; `castlist review undo` takes it back"
    ));
    perform(&mut project, Some(edit), as_json)
}

fn doubts(project: &ProjectVectors, identity: IdentityId, as_json: bool) -> Result<Completion, SessionError> {
    project.identity(identity)?;
    let doubts = doubtful(&project.vectors, project.review(), identity);
    if as_json {
        let doubts: Vec<Value> = doubts
            .iter()
            .map(|doubt| {
                let mut told = json!(doubt);
                told["track"] = project.review().track_id(doubt.track).into();
                told
            })
            .collect();
        output::json(&json!({ "identity": identity, "tracks": doubts }))?;
        return Ok(Completion::Success);
    }
    for doubt in doubts {
        let rival = doubt.rival.zip(doubt.margin);
        let rival = rival.map(|(rival, margin)| format!("  {margin:+.3} to {}", project.title(rival)));
        let two_people =
            doubt.two_people.map(|it| format!("  seems to show two people, from frame {}", it.at));
        output::line(format!(
            "{:>4.0} %  {}  {:.3}{}{}",
            doubt.p * 100.0,
            project.review().track_id(doubt.track),
            doubt.distance.0,
            rival.unwrap_or_default(),
            two_people.unwrap_or_default()
        ));
    }
    Ok(Completion::Success)
}

fn check(
    mut project: ProjectVectors,
    identity: IdentityId,
    wrong: &[String],
    as_json: bool,
) -> Result<Completion, SessionError> {
    let wrong = wrong.iter().map(|id| project.track(id)).collect::<Result<Vec<_>, _>>()?;
    project.identity(identity)?;
    if let Some(&track) = wrong.iter().find(|&&track| project.review().identity_of(track) != Some(identity)) {
        let track = project.review().track_id(track).to_owned();
        return Err(Refusal::NotIn { track, identity }.into());
    }
    let edit = checked(&project.vectors, project.review(), identity, &wrong);
    perform(&mut project, edit, as_json)
}

fn split(
    mut project: ProjectVectors,
    identity: IdentityId,
    (n, accept): (Option<usize>, bool),
    as_json: bool,
    cx: &Cx,
) -> Result<Completion, SessionError> {
    project.identity(identity)?;
    let parting = SplitSuggestion::new(&project.vectors, project.review(), identity, cx)?
        .ok_or(Refusal::Nothing("an identity needs two tracks with a usable face to be split"))?;
    let parts = parting.parts(n.unwrap_or_else(|| parting.suggested()));
    let edit = parting.edit(project.review(), &parts);
    if accept {
        return perform(&mut project, edit, as_json);
    }
    if as_json {
        let told: Vec<_> = parts.iter().map(|part| project.ids(part)).collect();
        output::json(&json!({
            "identity": identity,
            "suggested": parting.suggested(),
            "parts_from": parting.range().start(),
            "parts_to": parting.range().end(),
            "parts": told,
            "edit": edit,
        }))?;
        return Ok(Completion::Success);
    }
    for (number, part) in (1..).zip(&parts) {
        output::line(format!("part {number}: {} tracks: {}", part.len(), project.ids(part).join(" ")));
    }
    let (from, to) = (parting.range().start().to_owned(), parting.range().end().to_owned());
    output::line(format!(
        "{} parts are suggested, {from} to {to} are possible (add --accept to split)",
        parting.suggested()
    ));
    Ok(Completion::Success)
}

fn why(
    project: &ProjectVectors,
    tracks: &[String],
    identities: &[u64],
    as_json: bool,
) -> Result<Completion, SessionError> {
    let (vectors, review) = (&project.vectors, project.review());
    let tracks = tracks.iter().map(|id| project.track(id)).collect::<Result<Vec<_>, _>>()?;
    let found = match (tracks.as_slice(), identities) {
        (&[track], _) => track_evidence(vectors, review, track),
        (&[a, b], _) => tracks_evidence(vectors, review, a, b),
        (_, &[a, b]) => {
            project.identity(IdentityId(a))?;
            project.identity(IdentityId(b))?;
            pair_evidence(vectors, review, IdentityId(a), IdentityId(b))
        }
        _ => return Err(Refusal::Nothing("name one or two tracks, or two identities").into()),
    };
    let none = "there is nothing to compare: no usable face, or the track is alone in its identity";
    let Some(why) = found else {
        // One that is alone may still show two people.
        let [track] = tracks.as_slice() else { return Err(Refusal::Nothing(none).into()) };
        let two_people = vectors.two_people(*track).ok_or(Refusal::Nothing(none))?;
        if as_json {
            output::json(&json!({ "two_people": [[review.track_id(*track), two_people]] }))?;
        } else {
            tell_two_people(project, *track, two_people);
        }
        return Ok(Completion::Success);
    };
    let frames = match tracks.as_slice() {
        &[track] => project.session.frames(track).unwrap_or_default(),
        _ => Vec::new(),
    };
    if as_json {
        let mut told = json!(why);
        for (told, side) in told["deciding"].as_array_mut().into_iter().flatten().zip(&why.deciding) {
            *told = side.iter().map(|(track, d)| json!([review.track_id(*track), d])).collect();
        }
        told["ties"] = why
            .ties
            .iter()
            .map(|tie| {
                let (a, b) = (review.track_id(tie.a), review.track_id(tie.b));
                json!({ "a": a, "b": b, "kind": tie.kind, "source": tie.source })
            })
            .collect();
        told["two_people"] =
            why.two_people.iter().map(|(track, it)| json!([review.track_id(*track), it])).collect();
        told["frames"] = json!(frames);
        output::json(&told)?;
        return Ok(Completion::Success);
    }
    print_evidence(project, &why);
    for face in frames {
        output::line(format!("frame {}: weight {:.2}", face.face, face.weight));
    }
    Ok(Completion::Success)
}

fn tell_two_people(project: &ProjectVectors, track: TrackIx, TwoPeople { at, across, within }: TwoPeople) {
    let id = project.review().track_id(track);
    output::line(format!(
        "{id} seems to show two people, one up to frame {at} and another from there on (similarity \
         {across:.2} across, {within:.2} within)"
    ));
}

fn print_evidence(project: &ProjectVectors, why: &Evidence) {
    let review = project.review();
    for &(track, two_people) in &why.two_people {
        tell_two_people(project, track, two_people);
    }
    output::line(format!("likely the same: {:.0} %", why.p * 100.0));
    output::line(format!("similarity {:.3}, squared distance {:.3}", why.similarity.0, why.distance.0));
    if let Some(margin) = why.margin {
        output::line(format!("the nearest other identity is {margin:+.3} farther"));
    }
    for (side, tracks) in ["one side", "the other"].iter().zip(&why.deciding) {
        let told: Vec<String> =
            tracks.iter().map(|(track, d)| format!("{} ({:.3})", review.track_id(*track), d.0)).collect();
        output::line(format!("nearest of {side}: {}", told.join(", ")));
    }
    for rival in &why.rivals {
        output::line(format!("rival: {} at {:.3}", project.title(rival.identity), rival.distance.0));
    }
    for tie in &why.ties {
        let (a, b) = (review.track_id(tie.a), review.track_id(tie.b));
        output::line(format!("{a} and {b}: {} ({})", json!(tie.kind), json!(tie.source)).replace('"', ""));
    }
}

fn likeliest(
    project: &ProjectVectors,
    identity: IdentityId,
    as_json: bool,
) -> Result<Completion, SessionError> {
    project.identity(identity)?;
    let found = likely(&project.vectors, project.review(), identity);
    if as_json {
        let people: Vec<Value> = found
            .iter()
            .map(|&(id, p)| json!({ "identity": id, "name": project.title(id), "p": p }))
            .collect();
        output::json(&json!({ "identity": identity, "people": people }))?;
        return Ok(Completion::Success);
    }
    for (id, p) in found {
        output::line(format!("{:>4.0} %  {} ({id})", p * 100.0, project.title(id)));
    }
    Ok(Completion::Success)
}
