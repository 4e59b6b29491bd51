//! The page's plots, as SVG: bars and lines over two axes, and nothing else.

use std::fmt::Write;

/// The whole, and the room of the axes' labels: at the left, at the right, above, below.
const SIZE: (f64, f64) = (880.0, 300.0);
const ROOM: (f64, f64, f64, f64) = (56.0, 12.0, 26.0, 40.0);
const ON_TIME: &str = "#5aae61";
const LATE: &str = "#e6ab02";
const CANCELLED: &str = "#c83c3c";
const WRITTEN: &str = "#777777";
const TOLD: &str = "#1f77b4";
/// Points of a line: more are not seen.
const POINTS: usize = 400;
/// Bars of a distribution.
const BARS: usize = 40;

/// Departures by the hour of the day: on time, late, cancelled, one on the other.
pub(super) fn day(hours: &[[u32; 3]]) -> String {
    let most = hours.iter().map(|hour| hour.iter().sum::<u32>()).max().unwrap_or(0);
    let mut plot = Plot::new((hours.len().max(1) as f64, "hour"), (f64::from(most), "departures"));
    plot.legend(&[("on time", ON_TIME), ("late", LATE), ("cancelled", CANCELLED)]);
    for (at, hour) in hours.iter().enumerate() {
        let mut below = 0.0;
        for (count, colour) in hour.iter().zip([ON_TIME, LATE, CANCELLED]) {
            let above = below + f64::from(*count);
            plot.bar((at as f64, at as f64 + 1.0), (below, above), colour);
            below = above;
        }
    }
    plot.svg()
}

/// Events written and passengers told, added up over time, in seconds. Both are in order.
pub(super) fn told(written: &[f64], told: &[f64]) -> String {
    let end = [written, told].iter().filter_map(|times| times.last()).copied().fold(1.0, f64::max);
    let most = written.len().max(told.len());
    let mut plot = Plot::new((end, "seconds"), (most as f64, ""));
    plot.legend(&[("events written", WRITTEN), ("passengers told", TOLD)]);
    plot.line(&added_up(written), WRITTEN);
    plot.line(&added_up(told), TOLD);
    plot.svg()
}

/// How many messages took how long, in seconds.
pub(super) fn latencies(seconds: &[f64]) -> String {
    let longest = seconds.iter().copied().fold(0.1, f64::max);
    let width = longest / BARS as f64;
    let mut counts = [0_u32; BARS];
    for one in seconds {
        counts[((one / width) as usize).min(BARS - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let mut plot = Plot::new((longest, "seconds"), (f64::from(most), "messages"));
    for (at, count) in counts.iter().enumerate() {
        let from = at as f64 * width;
        plot.bar((from, from + width), (0.0, f64::from(*count)), TOLD);
    }
    plot.svg()
}

/// The line of a count that grows by one at each of these times, thinned out to what can be seen.
fn added_up(times: &[f64]) -> Vec<(f64, f64)> {
    let step = times.len().div_ceil(POINTS).max(1);
    let last = times.len().saturating_sub(1);
    let points = times.iter().enumerate().filter(|(at, _)| at % step == 0 || *at == last);
    points.map(|(at, time)| (*time, (at + 1) as f64)).collect()
}

/// A plot under way. Both axes begin at 0.
struct Plot {
    drawn: String,
    /// The ends of both axes.
    ends: (f64, f64),
}

impl Plot {
    /// Axes up to these ends, with their names.
    fn new((x_end, x_name): (f64, &str), (y_end, y_name): (f64, &str)) -> Self {
        let (x_step, y_step) = (step(x_end, 12.0), step(y_end, 6.0));
        let y_end = (y_end / y_step).ceil().max(1.0) * y_step;
        let mut plot = Self { drawn: String::new(), ends: (x_end, y_end) };
        let (right, bottom) = (SIZE.0 - ROOM.1, SIZE.1 - ROOM.3);
        for nth in 0..=(y_end / y_step).round() as u32 {
            let value = f64::from(nth) * y_step;
            let y = plot.y(value);
            plot.draw(format_args!(
                "<path d=\"M{} {y:.1}H{right}\" stroke=\"#e3e6ea\"/><text x=\"{}\" y=\"{:.1}\" \
                 text-anchor=\"end\">{}</text>",
                ROOM.0,
                ROOM.0 - 6.0,
                y + 4.0,
                label(value, y_step)
            ));
        }
        for nth in 0..=(x_end / x_step + 1e-9).floor() as u32 {
            let value = f64::from(nth) * x_step;
            plot.draw(format_args!(
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                plot.x(value),
                bottom + 16.0,
                label(value, x_step)
            ));
        }
        plot.draw(format_args!(
            "<path d=\"M{} {bottom}H{right}\" stroke=\"#57606a\"/><text x=\"{right}\" y=\"{}\" \
             text-anchor=\"end\">{x_name}</text><text x=\"{}\" y=\"14\">{y_name}</text>",
            ROOM.0,
            bottom + 33.0,
            ROOM.0
        ));
        plot
    }

    fn x(&self, value: f64) -> f64 {
        ROOM.0 + value / self.ends.0 * (SIZE.0 - ROOM.0 - ROOM.1)
    }

    fn y(&self, value: f64) -> f64 {
        SIZE.1 - ROOM.3 - value / self.ends.1 * (SIZE.1 - ROOM.2 - ROOM.3)
    }

    fn draw(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.drawn.write_fmt(what);
    }

    fn bar(&mut self, (left, right): (f64, f64), (below, above): (f64, f64), colour: &str) {
        if above > below {
            let (x, y) = (self.x(left) + 1.0, self.y(above));
            let (width, height) = (self.x(right) - 1.0 - x, self.y(below) - y);
            self.draw(format_args!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>"
            ));
        }
    }

    fn line(&mut self, points: &[(f64, f64)], colour: &str) {
        let points: Vec<_> =
            points.iter().map(|(x, y)| format!("{:.1},{:.1}", self.x(*x), self.y(*y))).collect();
        self.draw(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        ));
    }

    fn legend(&mut self, names: &[(&str, &str)]) {
        for ((name, colour), nth) in names.iter().zip(0_u32..) {
            let x = ROOM.0 + 130.0 + 170.0 * f64::from(nth);
            self.draw(format_args!(
                "<rect x=\"{x}\" y=\"5\" width=\"12\" height=\"10\" fill=\"{colour}\"/><text x=\"{}\" y=\"14\">{name}</text>",
                x + 17.0
            ));
        }
    }

    fn svg(self) -> String {
        let (width, height) = SIZE;
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui,sans-serif\" \
             font-size=\"12\" fill=\"#57606a\">{}</svg>",
            self.drawn
        )
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides an axis into no more than so many parts.
fn step(end: f64, parts: f64) -> f64 {
    let least = (end / parts).max(1e-3);
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|one| one * power)
        .into_iter()
        .find(|one| *one >= least)
        .unwrap_or(10.0 * power)
}

fn label(value: f64, step: f64) -> String {
    let places = (-step.log10().floor()).max(0.0) as usize;
    format!("{value:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_with_all_of_them_however_many_there_are() {
        for count in [0_usize, 1, 2, POINTS, POINTS + 1, 10 * POINTS] {
            let times: Vec<_> = (0..count).map(|at| at as f64).collect();
            let line = added_up(&times);
            assert!(line.len() <= POINTS + 1);
            assert_eq!(line.last().map(|(_, sum)| *sum), times.last().map(|_| count as f64));
        }
    }

    #[test]
    fn an_axis_has_round_numbers() {
        assert_eq!((step(24.0, 12.0), step(900.0, 6.0), step(0.1, 12.0)), (2.0, 200.0, 0.01));
        assert_eq!((label(400.0, 200.0), label(0.04, 0.01)), ("400".into(), "0.04".into()));
    }

    #[test]
    fn plots_of_a_small_day_read_like_this() {
        let day = day(&[[1, 0, 0], [2, 1, 3]]);
        let told = told(&[0.0, 1.0], &[1.5, 2.0, 2.5]);
        let latencies = latencies(&[0.2, 0.4, 1.6]);
        insta::assert_snapshot!([day, told, latencies].join("\n\n").replace("><", ">\n<"));
    }

    #[test]
    fn nothing_can_be_plotted_too() {
        for svg in [day(&[]), told(&[], &[]), latencies(&[])] {
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
