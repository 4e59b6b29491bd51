//! Short lists of names, made up by us: whoever they put together is nobody.

use flightpulse_domain::passenger::Language;

/// Given names.
pub(super) fn first(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &[
            "Ava", "Ben", "Carol", "Dean", "Ella", "Frank", "Grace", "Henry", "Iris", "Jack",
            "Kate", "Leo", "Mia", "Noah", "Olive", "Paul", "Quinn", "Ruth", "Sam", "Tess",
        ],
        Language::Es => &[
            "Ana", "Bruno", "Carmen", "Diego", "Elena", "Felipe", "Gabriela", "Hugo", "Inés",
            "Javier", "Lucía", "Mateo", "Nuria", "Óscar", "Paloma", "Raúl", "Sofía", "Tomás",
        ],
        Language::Fr => &[
            "Agnès",
            "Benoît",
            "Chloé",
            "Denis",
            "Élise",
            "François",
            "Gaëlle",
            "Hugues",
            "Inès",
            "Jules",
            "Louise",
            "Maël",
            "Noémie",
            "Olivier",
            "Pauline",
            "Rémi",
            "Solène",
            "Théo",
        ],
        Language::De => &[
            "Anke", "Bernd", "Claudia", "Dirk", "Elke", "Fritz", "Greta", "Heiko", "Ilse",
            "Jürgen", "Käthe", "Lars", "Mareike", "Nils", "Petra", "Ralf", "Sönke", "Ulrike",
        ],
    }
}

/// Family names.
pub(super) fn last(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &[
            "Ashdown",
            "Birchall",
            "Copperfield",
            "Dunmore",
            "Eastlake",
            "Fairweather",
            "Greenhill",
            "Hollis",
            "Ivywood",
            "Kettering",
            "Larkspur",
            "Millbrook",
            "Northway",
            "Oakhurst",
        ],
        Language::Es => &[
            "Arroyo",
            "Bellavista",
            "Campoverde",
            "Delmonte",
            "Encinas",
            "Fuentealba",
            "Granados",
            "Higueras",
            "Lomas",
            "Montalvo",
            "Ñíguez",
            "Olivares",
            "Peñalba",
            "Robledo",
        ],
        Language::Fr => &[
            "Aubépine",
            "Boisclair",
            "Chênevert",
            "Desprès",
            "Étang",
            "Fontaine",
            "Grandpré",
            "Hautbois",
            "Lavallée",
            "Montclair",
            "Noyer",
            "Ormeau",
            "Peuplier",
            "Rivière",
        ],
        Language::De => &[
            "Ahornfeld",
            "Birkholz",
            "Dornbusch",
            "Eichengrund",
            "Föhrenwald",
            "Grünberg",
            "Haselbach",
            "Kirschbaum",
            "Lindenau",
            "Mühlbach",
            "Nussdorf",
            "Rosenhag",
            "Weißdorn",
        ],
    }
}
