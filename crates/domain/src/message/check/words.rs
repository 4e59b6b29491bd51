//! Words that state a fact or make a promise, in the four languages that texts are written in.
//! Every list is applied to every text: a text in the wrong language must not slip past.

use deunicode::deunicode;

// Numbers as words. "One" and its kin are articles and pronouns too, so they are not here.
const NUMBERS: &[&str] = &[
    // English
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "noon",
    "midnight",
    "hour",
    "hours",
    "half",
    "quarter",
    "dozen",
    // Spanish
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "veinte",
    "veinticinco",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
    "cien",
    "ciento",
    "mediodia",
    "medianoche",
    "horas",
    // French
    "deux",
    "trois",
    "quatre",
    "cinq",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "cent",
    "midi",
    "minuit",
    "heures",
    "demie",
    // German
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf",
    "dreizehn",
    "vierzehn",
    "funfzehn",
    "zwanzig",
    "dreissig",
    "vierzig",
    "funfzig",
    "sechzig",
    "siebzig",
    "achtzig",
    "neunzig",
    "hundert",
    "mittag",
    "mitternacht",
    "stunde",
    "stunden",
    "viertel",
    "halb",
];

// Promises and offers that no notice of a delay makes, and other kinds of news.
const PROMISES: &[&str] = &[
    "refund",
    "refunds",
    "refunded",
    "voucher",
    "vouchers",
    "compensation",
    "compensate",
    "compensated",
    "reimburse",
    "reimbursed",
    "reimbursement",
    "cash",
    "dollars",
    "dollar",
    "euros",
    "euro",
    "pounds",
    "usd",
    "eur",
    "gbp",
    "miles",
    "points",
    "free",
    "complimentary",
    "upgrade",
    "upgraded",
    "hotel",
    "guarantee",
    "guaranteed",
    "promise",
    "credit",
    "click",
    "call",
    "phone",
    "dial",
    "password",
    "gift",
    "discount",
    "cancelled",
    "canceled",
    "cancellation",
    "cancel",
    "diverted",
    "terminal",
    "reembolso",
    "reembolsos",
    "vale",
    "vales",
    "compensacion",
    "indemnizacion",
    "gratis",
    "gratuito",
    "garantia",
    "garantizamos",
    "hotel",
    "cancelado",
    "cancelada",
    "cancelacion",
    "llame",
    "llamenos",
    "descuento",
    "remboursement",
    "rembourse",
    "bon",
    "indemnisation",
    "indemnite",
    "gratuit",
    "gratuite",
    "garanti",
    "garantissons",
    "annule",
    "annulee",
    "annulation",
    "appelez",
    "remise",
    "erstattung",
    "ruckerstattung",
    "gutschein",
    "entschadigung",
    "kostenlos",
    "garantie",
    "garantieren",
    "storniert",
    "annulliert",
    "gestrichen",
    "ausgefallen",
    "rufen",
    "rabatt",
];

/// Whether a word states a number or makes a promise. Case and accents do not matter.
pub(super) fn is_forbidden(word: &str) -> bool {
    let word = deunicode(word).to_lowercase();
    NUMBERS.contains(&word.as_str()) || PROMISES.contains(&word.as_str())
}

/// Whether two words say "one hour". The second alone is "time" in Spanish and French, which a
/// good text needs ("la nueva hora de salida").
pub(super) fn is_one_hour(first: &str, second: &str) -> bool {
    let (first, second) = (
        deunicode(first).to_lowercase(),
        deunicode(second).to_lowercase(),
    );
    matches!(
        (first.as_str(), second.as_str()),
        ("una" | "media", "hora") | ("une" | "demi", "heure")
    )
}

/// Whether a word looks like a link, a host or an email address.
pub(super) fn is_address(word: &str) -> bool {
    let word = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
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
        || word
            .split(['/', '?', ':'])
            .any(|part| part.rsplit_once('.').is_some_and(dotted))
}
