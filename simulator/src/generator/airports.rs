//! The airports of generated networks. Their time zones and countries are the domain's; where they
//! are is here, in degrees, rounded to some hundred metres.

/// An airport that generated flights serve.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    /// IATA code.
    pub(super) iata: &'static str,
    latitude: f64,
    longitude: f64,
    /// How much it is flown to, in comparison.
    pub(super) weight: u32,
}

const fn at(iata: &'static str, latitude: f64, longitude: f64, weight: u32) -> Place {
    Place { iata, latitude, longitude, weight }
}

/// The hubs, in the order in which a growing airline opens them. They are served from each other
/// too.
pub(super) static HUBS: [Place; 6] = [
    at("DEN", 39.862, -104.673, 10),
    at("ATL", 33.637, -84.428, 10),
    at("ORD", 41.979, -87.905, 10),
    at("DFW", 32.897, -97.038, 10),
    at("LAX", 33.943, -118.408, 10),
    at("JFK", 40.640, -73.779, 9),
];

/// Where else they fly.
pub(super) static SPOKES: [Place; 62] = [
    at("ABQ", 35.040, -106.609, 3),
    at("AMS", 52.309, 4.764, 2),
    at("ANC", 61.174, -149.996, 1),
    at("AUS", 30.195, -97.670, 5),
    at("BCN", 41.297, 2.079, 1),
    at("BER", 52.362, 13.501, 1),
    at("BNA", 36.125, -86.678, 6),
    at("BOG", 4.702, -74.147, 1),
    at("BOI", 43.564, -116.223, 3),
    at("BOS", 42.364, -71.005, 8),
    at("BWI", 39.175, -76.668, 6),
    at("CDG", 49.010, 2.548, 2),
    at("CLE", 41.412, -81.850, 4),
    at("CLT", 35.214, -80.943, 7),
    at("CMH", 39.998, -82.892, 4),
    at("CUN", 21.037, -86.877, 4),
    at("DCA", 38.852, -77.038, 6),
    at("DTW", 42.212, -83.353, 6),
    at("EWR", 40.693, -74.169, 8),
    at("FLL", 26.073, -80.153, 6),
    at("FRA", 50.033, 8.571, 2),
    at("GDL", 20.522, -103.311, 2),
    at("HNL", 21.319, -157.923, 2),
    at("HOU", 29.645, -95.279, 5),
    at("IAD", 38.945, -77.456, 5),
    at("IAH", 29.984, -95.341, 7),
    at("IND", 39.717, -86.294, 4),
    at("JAX", 30.494, -81.688, 3),
    at("LAS", 36.080, -115.152, 8),
    at("LGA", 40.777, -73.873, 7),
    at("LHR", 51.471, -0.462, 3),
    at("LIM", -12.022, -77.114, 1),
    at("MAD", 40.472, -3.563, 1),
    at("MCI", 39.298, -94.714, 4),
    at("MCO", 28.429, -81.309, 9),
    at("MEX", 19.436, -99.072, 4),
    at("MIA", 25.793, -80.291, 7),
    at("MKE", 42.947, -87.897, 3),
    at("MSP", 44.882, -93.222, 6),
    at("MSY", 29.993, -90.258, 4),
    at("MTY", 25.778, -100.107, 2),
    at("MUC", 48.354, 11.786, 1),
    at("NCE", 43.658, 7.216, 1),
    at("OAK", 37.721, -122.221, 4),
    at("OMA", 41.303, -95.894, 3),
    at("PDX", 45.589, -122.598, 5),
    at("PHL", 39.872, -75.241, 6),
    at("PHX", 33.434, -112.012, 8),
    at("PIT", 40.492, -80.233, 4),
    at("RDU", 35.878, -78.788, 4),
    at("SAN", 32.734, -117.190, 6),
    at("SAT", 29.534, -98.470, 4),
    at("SEA", 47.449, -122.309, 7),
    at("SFO", 37.619, -122.375, 8),
    at("SJC", 37.363, -121.929, 4),
    at("SJU", 18.439, -66.002, 2),
    at("SLC", 40.788, -111.978, 6),
    at("SMF", 38.695, -121.591, 4),
    at("STL", 38.749, -90.370, 4),
    at("TPA", 27.976, -82.533, 5),
    at("YUL", 45.471, -73.741, 3),
    at("YYZ", 43.677, -79.631, 4),
];

const EARTH_RADIUS_KM: f64 = 6_371.0;

/// The great-circle distance, in kilometres.
pub(super) fn distance_km(from: &Place, to: &Place) -> f64 {
    let (latitude, other) = (from.latitude.to_radians(), to.latitude.to_radians());
    let north = (other - latitude) / 2.0;
    let east = (to.longitude - from.longitude).to_radians() / 2.0;
    let half_chord = north.sin().powi(2) + latitude.cos() * other.cos() * east.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * half_chord.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::airport;
    use rstest::rstest;
    use std::collections::BTreeSet;

    fn all() -> impl Iterator<Item = &'static Place> {
        HUBS.iter().chain(&SPOKES)
    }

    #[test]
    fn each_is_an_airport_and_there_once() {
        for place in all() {
            assert!(airport::time_zone(place.iata).is_some(), "{}", place.iata);
            assert!(place.weight > 0);
        }
        let codes: BTreeSet<_> = all().map(|place| place.iata).collect();
        assert_eq!(codes.len(), HUBS.len() + SPOKES.len());
    }

    #[rstest]
    #[case("DEN", "PHX", 968.0)]
    #[case("JFK", "LHR", 5_540.0)]
    #[case("LAX", "HNL", 4_112.0)]
    #[case("ATL", "LIM", 5_130.0)]
    #[case("JFK", "LGA", 17.0)]
    fn they_are_where_they_are(#[case] from: &str, #[case] to: &str, #[case] km: f64) {
        let place = |iata: &str| all().find(|place| place.iata == iata).unwrap();
        let found = distance_km(place(from), place(to));
        assert!((found - km).abs() < km * 0.01 + 2.0, "{from} to {to}: {found} km");
    }

    #[test]
    fn no_two_are_further_apart_than_any_aircraft_flies() {
        let longest = HUBS.iter().flat_map(|hub| all().map(|to| distance_km(hub, to)));
        assert!(longest.fold(0.0, f64::max) < 12_000.0);
    }
}
