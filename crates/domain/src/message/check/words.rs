//! Words that state a fact or make a promise, in the four languages that texts are written in.
//! Every list is applied to every text: a text in the wrong language must not slip past.

use deunicode::deunicode;

// Numbers as words. "One" and its kin are articles and pronouns too, so they are not here.
const NUMBERS: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety \
    hundred thousand noon midnight hour hours half quarter dozen dos tres cuatro cinco seis \
    siete ocho nueve diez once doce trece catorce quince veinte veinticinco treinta cuarenta \
    cincuenta sesenta setenta ochenta noventa cien ciento mediodia medianoche horas deux trois \
    quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante \
    cinquante soixante cent midi minuit heures demie zwei drei vier funf sechs sieben acht \
    neun zehn elf zwolf dreizehn vierzehn funfzehn zwanzig dreissig vierzig funfzig sechzig \
    siebzig achtzig neunzig hundert mittag mitternacht stunde stunden viertel halb";

// Promises and offers that no notice of a delay makes, and other kinds of news.
const PROMISES: &str = "refund refunds refunded voucher vouchers compensation compensate compensated reimburse \
    reimbursed reimbursement cash dollars dollar euros euro pounds usd eur gbp miles points \
    free complimentary upgrade upgraded hotel guarantee guaranteed promise credit click call \
    phone dial password gift discount cancelled canceled cancellation cancel diverted terminal \
    reembolso reembolsos vale vales compensacion indemnizacion gratis gratuito garantia \
    garantizamos hotel cancelado cancelada cancelacion llame llamenos descuento remboursement \
    rembourse bon indemnisation indemnite gratuit gratuite garanti garantissons annule annulee \
    annulation appelez remise erstattung ruckerstattung gutschein entschadigung kostenlos \
    garantie garantieren storniert annulliert gestrichen ausgefallen rufen rabatt";

// Days and zones: the date that may be stated has been taken out of the text before.
const DAYS: &str = "today tomorrow tonight yesterday day days week weeks monday tuesday wednesday thursday \
    friday saturday sunday january february april june july august september october november \
    december hoy manana ayer semana lunes martes miercoles jueves viernes sabado domingo enero \
    febrero abril mayo junio julio agosto septiembre octubre noviembre diciembre aujourd \
    demain jour jours semaine lundi mardi mercredi jeudi vendredi samedi dimanche janvier \
    fevrier avril juin juillet aout septembre octobre novembre decembre heute morgen gestern \
    tage tagen woche montag dienstag mittwoch donnerstag freitag samstag sonntag januar \
    februar juni juli oktober dezember utc gmt eastern central mountain pacific zulu noon \
    boarding embarque embarquement";

// Words that turn a sentence round, or tell of another kind of news.
const SENSE: &str = "not never cannot won isn longer operate suspended supprime supprimee suspendu suspendido \
    suspendida entfallt nicht kein keine nunca jamais rebook rebooked rebooking taxi meal \
    meals lodging accommodation bonus waive waived fee fees money pay paid reply text visit \
    website app concourse couple few";

// Parts of words that say all of the above in other forms.
const STEMS: &str = "reembols rembours erstatt refund compens indemni entschad reimburs voucher gutschein \
    cancel annul stornier gestrich dieci veinti cientos seize zehn zwanzig dreissig vierzig \
    funfzig sechzig siebzig achtzig neunzig hundert anderthalb twent thirt forty fift sixt \
    sevent eight ninet vingt trente quarant cinquant soixant treinta cuarenta cincuenta \
    sesenta setenta ochenta noventa";

/// Whether a word states a number, a day or a zone, makes a promise or turns a sentence round.
/// Case and accents do not matter.
pub(super) fn is_forbidden(word: &str) -> bool {
    let word = deunicode(word).to_lowercase();
    let word = word.as_str();
    [NUMBERS, PROMISES, DAYS, SENSE].iter().any(|list| list.split(' ').any(|known| known == word))
        || STEMS.split(' ').any(|stem| word.contains(stem))
}

/// Whether a word says that things are better than they were: true of a correction only.
pub(super) fn is_good_news(word: &str) -> bool {
    let word = deunicode(word).to_lowercase();
    matches!(
        word.as_str(),
        "earlier"
            | "schedule"
            | "punctual"
            | "ontime"
            | "antes"
            | "puntual"
            | "adelanta"
            | "tot"
            | "avance"
            | "ponctuel"
            | "fruher"
            | "punktlich"
            | "planmassig"
    )
}

/// Whether two words name a gate, or a part of a terminal: `Gate B`.
pub(super) fn is_gate(first: &str, second: &str) -> bool {
    let first = deunicode(first).to_lowercase();
    let gates = ["gate", "puerta", "porte", "flugsteig", "concourse", "hall", "halle"];
    gates.contains(&first.as_str())
        && second.chars().count() == 1
        && second.chars().all(char::is_uppercase)
}

/// Whether two words say "one hour". The second alone is "time" in Spanish and French, which a
/// good text needs ("la nueva hora de salida").
pub(super) fn is_one_hour(first: &str, second: &str) -> bool {
    let (first, second) = (deunicode(first).to_lowercase(), deunicode(second).to_lowercase());
    matches!(
        (first.as_str(), second.as_str()),
        ("una" | "media", "hora") | ("une" | "demi", "heure")
    )
}

/// Whether a word looks like a link, a host or an email address.
pub(super) fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let dotted = |(host, end): (&str, &str)| {
        host.chars().next_back().is_some_and(char::is_alphanumeric)
            && end.chars().count() >= 2
            && end.chars().all(char::is_alphanumeric)
    };
    word.contains("://")
        || word.contains('/')
        || word.starts_with("http")
        || word.starts_with("www")
        || word.contains('@')
        || word.split(['/', '?', ':']).any(|part| part.rsplit_once('.').is_some_and(dotted))
}
