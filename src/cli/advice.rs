//! `castlist review suggest|doubtful|split|why|likely|recognise`: what the machine says, and the edits that
//! its answers are.

use serde_json::{Value, json};

use super::args::AdviceAction;
use super::asked::{Asked, perform};
use super::progress::with_bar;
use super::{End, show};
use crate::advice::{
    Parting, Queue, TwoPeople, Why, checked, doubtful, likely, why_pair, why_track, why_tracks,
};
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, IdentityId, Refusal};
use crate::session::SessionError;

pub(super) fn run(action: AdviceAction, cx: &Cx) -> Result<End, SessionError> {
    match action {
        AdviceAction::Suggest { of, pairs } => suggest(&Asked::look(&of.project, cx)?, pairs, of.json, cx),
        AdviceAction::Doubtful { of, identity, wrong: None } => {
            doubts(&Asked::look(&of.project, cx)?, IdentityId(identity), of.json)
        }
        AdviceAction::Doubtful { of, identity, wrong: Some(wrong) } => {
            check(Asked::open(&of.project, cx)?, IdentityId(identity), &wrong, of.json)
        }
        AdviceAction::Split { of, identity, parts, accept } => {
            let asked = if accept { Asked::open(&of.project, cx)? } else { Asked::look(&of.project, cx)? };
            split(asked, IdentityId(identity), (parts, accept), of.json, cx)
        }
        AdviceAction::Why { of, track, identity } => {
            why(&Asked::look(&of.project, cx)?, &track, &identity, of.json)
        }
        AdviceAction::Recognise(args) => super::people::recognise_people(args, cx),
        AdviceAction::Likely { of, identity } => {
            likeliest(&Asked::look(&of.project, cx)?, IdentityId(identity), of.json)
        }
    }
}

fn suggest(asked: &Asked, n: usize, as_json: bool, cx: &Cx) -> Result<End, SessionError> {
    let (vectors, review) = (&asked.vectors, asked.review());
    let queue = with_bar(cx, || Queue::new(vectors, review, cx).map_err(SessionError::from))?;
    let pairs = queue.pairs().iter().take(n);
    let left = queue.left();
    if as_json {
        let pairs: Vec<Value> = pairs
            .map(|pair| {
                let mut told = json!(pair);
                told["yes"] = json!(Edit::merge(vec![pair.a, pair.b], None));
                told["no"] = json!(asked.review().apart(pair.a, pair.b));
                told
            })
            .collect();
        show::json(&json!({ "pairs": pairs, "left": left, "decisions_left": left.total() }))?;
        return Ok(End::Fine);
    }
    for pair in pairs {
        let stranger = if pair.stranger { "  (near somebody ignored)" } else { "" };
        let (a, b) = (asked.title(pair.a), asked.title(pair.b));
        show::line(format!("{:>4.0} %  {a} ({}) and {b} ({}){stranger}", pair.p * 100.0, pair.a, pair.b));
    }
    show::line(format!(
        "decisions left: about {} ({} names, {} questions, {} doubtful tracks)",
        left.total(),
        left.names,
        left.answers,
        left.doubtful
    ));
    Ok(End::Fine)
}

fn doubts(asked: &Asked, identity: IdentityId, as_json: bool) -> Result<End, SessionError> {
    asked.identity(identity)?;
    let doubts = doubtful(&asked.vectors, asked.review(), identity);
    if as_json {
        let doubts: Vec<Value> = doubts
            .iter()
            .map(|doubt| {
                let mut told = json!(doubt);
                told["track"] = asked.review().track_id(doubt.track).into();
                told
            })
            .collect();
        show::json(&json!({ "identity": identity, "tracks": doubts }))?;
        return Ok(End::Fine);
    }
    for doubt in doubts {
        let rival = doubt.rival.zip(doubt.margin);
        let rival = rival.map(|(rival, margin)| format!("  {margin:+.3} to {}", asked.title(rival)));
        let two_people =
            doubt.two_people.map(|it| format!("  seems to show two people, from frame {}", it.at));
        show::line(format!(
            "{:>4.0} %  {}  {:.3}{}{}",
            doubt.p * 100.0,
            asked.review().track_id(doubt.track),
            doubt.distance.0,
            rival.unwrap_or_default(),
            two_people.unwrap_or_default()
        ));
    }
    Ok(End::Fine)
}

fn check(
    mut asked: Asked,
    identity: IdentityId,
    wrong: &[String],
    as_json: bool,
) -> Result<End, SessionError> {
    let wrong = wrong.iter().map(|id| asked.track(id)).collect::<Result<Vec<_>, _>>()?;
    asked.identity(identity)?;
    if let Some(&track) = wrong.iter().find(|&&track| asked.review().identity_of(track) != Some(identity)) {
        let track = asked.review().track_id(track).to_owned();
        return Err(Refusal::NotIn { track, identity }.into());
    }
    let edit = checked(&asked.vectors, asked.review(), identity, &wrong);
    perform(&mut asked, edit, as_json)
}

fn split(
    mut asked: Asked,
    identity: IdentityId,
    (n, accept): (Option<usize>, bool),
    as_json: bool,
    cx: &Cx,
) -> Result<End, SessionError> {
    asked.identity(identity)?;
    let parting = Parting::new(&asked.vectors, asked.review(), identity, cx)?
        .ok_or(Refusal::Nothing("an identity needs two tracks with a usable face to fall into parts"))?;
    let parts = parting.parts(n.unwrap_or_else(|| parting.suggested()));
    let edit = parting.edit(asked.review(), &parts);
    if accept {
        return perform(&mut asked, edit, as_json);
    }
    if as_json {
        let told: Vec<_> = parts.iter().map(|part| asked.ids(part)).collect();
        show::json(&json!({
            "identity": identity,
            "suggested": parting.suggested(),
            "parts_from": parting.range().start(),
            "parts_to": parting.range().end(),
            "parts": told,
            "edit": edit,
        }))?;
        return Ok(End::Fine);
    }
    for (number, part) in (1..).zip(&parts) {
        show::line(format!("part {number}: {} tracks: {}", part.len(), asked.ids(part).join(" ")));
    }
    let (from, to) = (parting.range().start().to_owned(), parting.range().end().to_owned());
    show::line(format!(
        "{} parts are suggested, {from} to {to} can be had (add --accept to split)",
        parting.suggested()
    ));
    Ok(End::Fine)
}

fn why(asked: &Asked, tracks: &[String], identities: &[u64], as_json: bool) -> Result<End, SessionError> {
    let (vectors, review) = (&asked.vectors, asked.review());
    let tracks = tracks.iter().map(|id| asked.track(id)).collect::<Result<Vec<_>, _>>()?;
    let found = match (tracks.as_slice(), identities) {
        (&[track], _) => why_track(vectors, review, track),
        (&[a, b], _) => why_tracks(vectors, review, a, b),
        (_, &[a, b]) => {
            asked.identity(IdentityId(a))?;
            asked.identity(IdentityId(b))?;
            why_pair(vectors, review, IdentityId(a), IdentityId(b))
        }
        _ => return Err(Refusal::Nothing("ask about one or two tracks, or two identities").into()),
    };
    let none = "there is nothing to compare: no usable face, or the track is alone in its identity";
    let Some(why) = found else {
        // One that is alone may still show two people.
        let [track] = tracks.as_slice() else { return Err(Refusal::Nothing(none).into()) };
        let two_people = vectors.two_people(*track).ok_or(Refusal::Nothing(none))?;
        if as_json {
            show::json(&json!({ "two_people": [[review.track_id(*track), two_people]] }))?;
        } else {
            tell_two_people(asked, *track, two_people);
        }
        return Ok(End::Fine);
    };
    let frames = match tracks.as_slice() {
        &[track] => asked.session.frames(track).unwrap_or_default(),
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
        show::json(&told)?;
        return Ok(End::Fine);
    }
    tell(asked, &why);
    for face in frames {
        show::line(format!("frame {}: weight {:.2}", face.face, face.weight));
    }
    Ok(End::Fine)
}

fn tell_two_people(asked: &Asked, track: TrackIx, TwoPeople { at, across, within }: TwoPeople) {
    let id = asked.review().track_id(track);
    show::line(format!(
        "{id} seems to show two people, one up to frame {at} and another from there on (similarity \
         {across:.2} across, {within:.2} within)"
    ));
}

fn tell(asked: &Asked, why: &Why) {
    let review = asked.review();
    for &(track, two_people) in &why.two_people {
        tell_two_people(asked, track, two_people);
    }
    show::line(format!("likely the same: {:.0} %", why.p * 100.0));
    show::line(format!("similarity {:.3}, squared distance {:.3}", why.similarity.0, why.distance.0));
    if let Some(margin) = why.margin {
        show::line(format!("the nearest rival is {margin:+.3} farther"));
    }
    for (side, tracks) in ["one side", "the other"].iter().zip(&why.deciding) {
        let told: Vec<String> =
            tracks.iter().map(|(track, d)| format!("{} ({:.3})", review.track_id(*track), d.0)).collect();
        show::line(format!("nearest of {side}: {}", told.join(", ")));
    }
    for rival in &why.rivals {
        show::line(format!("rival: {} at {:.3}", asked.title(rival.identity), rival.distance.0));
    }
    for tie in &why.ties {
        let (a, b) = (review.track_id(tie.a), review.track_id(tie.b));
        show::line(format!("{a} and {b}: {} ({})", json!(tie.kind), json!(tie.source)).replace('"', ""));
    }
}

fn likeliest(asked: &Asked, identity: IdentityId, as_json: bool) -> Result<End, SessionError> {
    asked.identity(identity)?;
    let found = likely(&asked.vectors, asked.review(), identity);
    if as_json {
        let people: Vec<Value> =
            found.iter().map(|&(id, p)| json!({ "identity": id, "name": asked.title(id), "p": p })).collect();
        show::json(&json!({ "identity": identity, "people": people }))?;
        return Ok(End::Fine);
    }
    for (id, p) in found {
        show::line(format!("{:>4.0} %  {} ({id})", p * 100.0, asked.title(id)));
    }
    Ok(End::Fine)
}
