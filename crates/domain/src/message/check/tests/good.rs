use super::corpus::{Good, good};
use crate::message::check::check_for;

fn refused(texts: Vec<Good>) -> Vec<String> {
    let refusal = |text: Good| {
        let breach = check_for(&text.ask.facts(), text.ask.tier, &text.texts).err()?;
        Some(format!("{}: {breach:?} in {:#?}", text.name, text.texts))
    };
    texts.into_iter().filter_map(refusal).collect()
}

#[test]
fn every_good_text_passes() {
    let good = good();
    assert!(good.len() >= 60);
    let refused = refused(good);
    assert!(refused.is_empty(), "{}\n{}", refused.len(), refused.join("\n"));
}

// The texts that the local model writes: natural sentences in four languages, which must pass, or
// the local cloud would show templates only.
#[test]
fn every_text_of_the_local_model_passes() {
    let corpus = include_str!("../../../../testdata/local-model-texts.json");
    let corpus: Vec<Good> = serde_json::from_str(corpus).unwrap();
    assert!(corpus.len() > 150);
    let refused = refused(corpus);
    assert!(refused.is_empty(), "{}\n{}", refused.len(), refused.join("\n"));
}
