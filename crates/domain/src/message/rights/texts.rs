//! The sentences of the rights notice.

use super::Regime;
use crate::passenger::Language;

const EU_PAGE: &str = "https://europa.eu/youreurope/citizens/travel/passenger-rights/air/";
const UK_PAGE: &str = "https://www.caa.co.uk/passengers/";
const US_PAGE: &str = "https://www.transportation.gov/airconsumer";

fn page(regime: Regime) -> &'static str {
    match regime {
        Regime::Eu => EU_PAGE,
        Regime::Uk => UK_PAGE,
        Regime::Us => US_PAGE,
        Regime::Other => "",
    }
}

fn law(regime: Regime, language: Language) -> &'static str {
    match (regime, language) {
        (Regime::Uk, Language::En) => "UK law (Regulation (EC) No 261/2004 as retained, \"UK261\")",
        (Regime::Uk, Language::Es) => {
            "la legislación del Reino Unido (Reglamento (CE) n.º 261/2004 conservado, «UK261»)"
        }
        (Regime::Uk, Language::Fr) => {
            "le droit du Royaume-Uni (règlement (CE) nº 261/2004 maintenu, « UK261 »)"
        }
        (Regime::Uk, Language::De) => {
            "dem Recht des Vereinigten Königreichs (übernommene Verordnung (EG) Nr. 261/2004, „UK261“)"
        }
        (_, Language::En) => "Regulation (EC) No 261/2004",
        (_, Language::Es) => "el Reglamento (CE) n.º 261/2004",
        (_, Language::Fr) => "le règlement (CE) nº 261/2004",
        (_, Language::De) => "der Verordnung (EG) Nr. 261/2004",
    }
}

/// The notice for a cancelled flight.
pub(super) fn cancelled(regime: Regime, language: Language) -> String {
    let (law, page) = (law(regime, language), page(regime));
    match (regime, language) {
        (Regime::Eu | Regime::Uk, Language::En) => format!(
            "Your rights: under {law}, you may choose between a refund of your ticket and \
             re-routing to your destination (Article 8). While you wait, you are entitled to care, \
             such as meals and, where needed, accommodation (Article 9). Depending on the cause \
             and on when you were told, you may be entitled to compensation (Articles 5 and 7). \
             Details, and whom to turn to: {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::Es) => format!(
            "Sus derechos: según {law}, puede elegir entre el reembolso de su billete y un \
             transporte alternativo hasta su destino (artículo 8). Mientras espera, tiene derecho \
             a asistencia, como comidas y, si es necesario, alojamiento (artículo 9). Según la \
             causa y el momento en que se le informó, puede tener derecho a una compensación \
             (artículos 5 y 7). Más información y organismos competentes: {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::Fr) => format!(
            "Vos droits : selon {law}, vous pouvez choisir entre le remboursement de votre billet \
             et un réacheminement vers votre destination (article 8). Pendant l'attente, vous avez \
             droit à une prise en charge, notamment des repas et, si nécessaire, un hébergement \
             (article 9). Selon la cause et le moment où vous avez été informé, vous pouvez avoir \
             droit à une indemnisation (articles 5 et 7). Précisions et organismes compétents : \
             {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::De) => format!(
            "Ihre Rechte: Nach {law} können Sie zwischen der Erstattung Ihres Flugscheins und \
             einer anderweitigen Beförderung zu Ihrem Ziel wählen (Artikel 8). Während der \
             Wartezeit haben Sie Anspruch auf Betreuung, etwa Mahlzeiten und bei Bedarf eine \
             Unterkunft (Artikel 9). Je nach Ursache und Zeitpunkt der Mitteilung kann Ihnen eine \
             Ausgleichszahlung zustehen (Artikel 5 und 7). Einzelheiten und zuständige Stellen: \
             {page}"
        ),
        (Regime::Us, Language::En) => format!(
            "Your rights: under US law (14 CFR Part 260), you are entitled to a full refund if \
             you choose not to travel, even if your ticket is non-refundable. Details: {page}"
        ),
        (Regime::Us, Language::Es) => format!(
            "Sus derechos: según la legislación de los Estados Unidos (14 CFR parte 260), tiene \
             derecho al reembolso completo si decide no viajar, aunque su billete no sea \
             reembolsable. Más información: {page}"
        ),
        (Regime::Us, Language::Fr) => format!(
            "Vos droits : selon le droit des États-Unis (14 CFR partie 260), vous avez droit au \
             remboursement intégral si vous choisissez de ne pas voyager, même si votre billet \
             n'est pas remboursable. Précisions : {page}"
        ),
        (Regime::Us, Language::De) => format!(
            "Ihre Rechte: Nach dem Recht der USA (14 CFR Part 260) haben Sie Anspruch auf volle \
             Erstattung, wenn Sie nicht reisen möchten, auch wenn Ihr Flugschein nicht \
             erstattungsfähig ist. Einzelheiten: {page}"
        ),
        (Regime::Other, Language::En) => "Your rights depend on your route and the law there. Our \
             staff at the airport will tell you which apply; the civil aviation authority of the \
             country that you depart from can advise you as well."
            .to_owned(),
        (Regime::Other, Language::Es) => "Sus derechos dependen de su ruta y de la legislación \
             aplicable. Nuestro personal en el aeropuerto le indicará cuáles le corresponden; \
             también puede dirigirse a la autoridad de aviación civil del país de salida."
            .to_owned(),
        (Regime::Other, Language::Fr) => "Vos droits dépendent de votre trajet et de la \
             législation applicable. Notre personnel à l'aéroport vous indiquera lesquels \
             s'appliquent ; l'autorité de l'aviation civile du pays de départ peut aussi vous \
             renseigner."
            .to_owned(),
        (Regime::Other, Language::De) => "Ihre Rechte hängen von Ihrer Strecke und dem dort \
             geltenden Recht ab. Unser Personal am Flughafen sagt Ihnen, welche gelten; auch die \
             Luftfahrtbehörde des Abfluglandes gibt Auskunft."
            .to_owned(),
    }
}

/// The notice for a flight delayed so long that the law asks for one.
pub(super) fn delayed(regime: Regime, language: Language) -> Option<String> {
    let (law, page) = (law(regime, language), page(regime));
    let text = match (regime, language) {
        (Regime::Other, _) => return None,
        (Regime::Eu | Regime::Uk, Language::En) => format!(
            "Your rights: under {law}, a long delay may entitle you to care, such as meals and, \
             where needed, accommodation (Articles 6 and 9), from five hours to a refund if you \
             choose not to travel (Article 8), and from three hours at arrival, depending on the \
             cause, to compensation (Article 7). Details, and whom to turn to: {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::Es) => format!(
            "Sus derechos: según {law}, un gran retraso puede darle derecho a asistencia, como \
             comidas y, si es necesario, alojamiento (artículos 6 y 9); a partir de cinco horas, \
             al reembolso si decide no viajar (artículo 8); y a partir de tres horas a la llegada, \
             según la causa, a una compensación (artículo 7). Más información y organismos \
             competentes: {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::Fr) => format!(
            "Vos droits : selon {law}, un retard important peut vous donner droit à une prise en \
             charge, notamment des repas et, si nécessaire, un hébergement (articles 6 et 9), à \
             partir de cinq heures au remboursement si vous choisissez de ne pas voyager \
             (article 8) et, à partir de trois heures à l'arrivée, selon la cause, à une \
             indemnisation (article 7). Précisions et organismes compétents : {page}"
        ),
        (Regime::Eu | Regime::Uk, Language::De) => format!(
            "Ihre Rechte: Nach {law} kann Ihnen bei einer großen Verspätung Betreuung zustehen, \
             etwa Mahlzeiten und bei Bedarf eine Unterkunft (Artikel 6 und 9), ab fünf Stunden die \
             Erstattung, wenn Sie nicht reisen möchten (Artikel 8), und ab drei Stunden bei der \
             Ankunft, je nach Ursache, eine Ausgleichszahlung (Artikel 7). Einzelheiten und \
             zuständige Stellen: {page}"
        ),
        (Regime::Us, Language::En) => format!(
            "Your rights: after a change as long as this, US law (14 CFR Part 260) entitles you to \
             a full refund if you choose not to travel. Details: {page}"
        ),
        (Regime::Us, Language::Es) => format!(
            "Sus derechos: ante un cambio tan grande, la legislación de los Estados Unidos (14 CFR \
             parte 260) le da derecho al reembolso completo si decide no viajar. Más información: \
             {page}"
        ),
        (Regime::Us, Language::Fr) => format!(
            "Vos droits : après un changement aussi important, le droit des États-Unis (14 CFR \
             partie 260) vous donne droit au remboursement intégral si vous choisissez de ne pas \
             voyager. Précisions : {page}"
        ),
        (Regime::Us, Language::De) => format!(
            "Ihre Rechte: Nach einer so großen Änderung haben Sie nach dem Recht der USA (14 CFR \
             Part 260) Anspruch auf volle Erstattung, wenn Sie nicht reisen möchten. Einzelheiten: \
             {page}"
        ),
    };
    Some(text)
}
