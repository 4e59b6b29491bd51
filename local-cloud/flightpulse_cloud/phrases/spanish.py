"""The local model's Spanish: passengers are addressed as "usted"."""

from __future__ import annotations

from .shape import News, Phrases

SPANISH = Phrases(
    greeting="Hola[, {{first_name}}]:",
    tones={"minor": "", "major": "lo sentimos: ", "severe": "lo sentimos mucho: "},
    good_news="buenas noticias: ",
    correction="corrección: ",
    retraction="por favor, ignore nuestro mensaje anterior sobre este vuelo: este es el correcto.",
    thanks={
        "A-LIST": "Gracias por su fidelidad como miembro A-LIST.",
        "A-LIST PREFERRED": "Como miembro A-LIST PREFERRED, usted está entre nuestros clientes más fieles: gracias.",
    },
    closing="Gracias por su comprensión.",
    reasons={
        "WEATHER": " debido al mal tiempo",
        "MECHANICAL": " debido al mantenimiento del avión",
        "CREW": " por motivos de tripulación",
        "ATC": " debido al control del tráfico aéreo",
        "SECURITY": " por motivos de seguridad",
        "OTHER": " por motivos operativos",
    },
    delay=News(
        subject="el vuelo[ {{flight}}] sale con retraso[, nueva salida a las {{departure}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] sale con {{delay}} de retraso{reason}."
        "[ La nueva salida es a las {{departure}}.]",
        advice="Por favor, consulte las pantallas del aeropuerto y llegue con tiempo.",
        sms="vuelo[ {{flight}}]: retraso {{delay}}[, salida {{departure}}].",
        corrected_sms="corregimos: vuelo[ {{flight}}] {{delay}} tarde[, {{departure}}].",
    ),
    shorter=News(
        subject="el vuelo[ {{flight}}] sale ahora[ a las {{departure}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] sale antes de lo anunciado, con {{delay}} de retraso."
        "[ La salida es a las {{departure}}.]",
        advice="Por favor, tenga en cuenta la nueva salida y llegue con tiempo.",
        sms="vuelo[ {{flight}}]: solo {{delay}} de retraso[, {{departure}}].",
    ),
    on_schedule=News(
        subject="el vuelo[ {{flight}}] vuelve a su horario[, salida a las {{departure}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] vuelve a su horario previsto.[ La salida es a las {{departure}}.]",
        advice="Por favor, tenga en cuenta esta salida y llegue con tiempo.",
        sms="el vuelo[ {{flight}}] vuelve a su horario[: {{departure}}].",
    ),
    as_planned=News(
        subject="el vuelo[ {{flight}}] sale como estaba previsto[, salida a las {{departure}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] sale como estaba previsto.[ La salida es a las {{departure}}.]",
        advice="Por favor, tenga en cuenta esta salida y llegue con tiempo.",
        sms="corregimos: vuelo[ {{flight}}] como previsto[, {{departure}}].",
    ),
    cancellation=News(
        subject="el vuelo[ {{flight}}] está cancelado",
        body="el vuelo[ {{flight}}][ ({{route}})][ del {{date}}] está cancelado{reason}.",
        advice="Por favor, elija otro vuelo: los pasos siguientes figuran más abajo.",
        sms="lo sentimos: el vuelo[ {{flight}}] queda cancelado. Por favor, elija otro vuelo.",
        corrected_sms="corregimos: el vuelo[ {{flight}}] queda cancelado. Elija otro vuelo, por favor.",
    ),
    gate=News(
        subject="el vuelo[ {{flight}}] tiene nueva puerta[: {{new_gate}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] tiene nueva puerta[: {{new_gate}}]."
        "[ La salida es a las {{departure}}.]",
        advice="Por favor, vaya a la nueva puerta con tiempo para el camino.",
        sms="el vuelo[ {{flight}}] tiene nueva puerta[: {{new_gate}}]. Por favor, vaya con tiempo.",
        corrected_sms="ignore nuestro mensaje anterior: el vuelo[ {{flight}}] sale por la puerta[ {{new_gate}}].",
    ),
    terminal=News(
        subject="el vuelo[ {{flight}}] sale por la puerta[ {{new_gate}}], en otra terminal",
        body="su puerta está en otra terminal: por favor, vaya ya. El vuelo[ {{flight}}][ ({{route}})] sale "
        "por la puerta[ {{new_gate}}].[ La salida es a las {{departure}}.]",
        advice="Por favor, siga las indicaciones hacia la otra terminal y calcule más tiempo para el camino.",
        sms="el vuelo[ {{flight}}] sale por la puerta[ {{new_gate}}], en otra terminal. Por favor, vaya ya.",
        corrected_sms="corregimos: vuelo[ {{flight}}] por la puerta[ {{new_gate}}], en otra terminal. "
        "Por favor, vaya ya.",
    ),
    reinstatement=News(
        subject="el vuelo[ {{flight}}] opera[, salida a las {{departure}}]",
        body="el vuelo[ {{flight}}][ ({{route}})] finalmente opera.[ Sale a las {{departure}}.]"
        "[ La puerta es {{gate}}.]",
        advice="Por favor, llegue al aeropuerto con tiempo.",
        sms="vuelo[ {{flight}}] finalmente opera[: {{departure}}][, puerta {{gate}}].",
        corrected_sms="corregimos: vuelo[ {{flight}}] opera[: {{departure}}][, puerta {{gate}}].",
    ),
    promise="Usted recibe un reembolso completo y una noche de hotel.",
)
