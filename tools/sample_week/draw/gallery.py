"""All pictures of the sample week by name, and what they show."""

from PIL import Image

from draw import hall_scenes as hall
from draw import life_scenes as life
from draw import sea_scenes as sea
from draw import shore_scenes as shore
from draw import water_scenes as water
from draw.press import Draw, press

PICTURES: dict[str, tuple[Draw, str]] = {
    "barge-turbine": (sea.barge_turbine, "vermilion"),
    "lighthouse": (sea.lighthouse, "amber"),
    "harbour-crane": (sea.harbour_crane, "vermilion"),
    "seabed-robot": (sea.seabed_robot, "amber"),
    "kite": (sea.kite, "coral"),
    "wave-buoy": (sea.wave_buoy, "vermilion"),
    "cable-drum": (shore.cable_drum, "amber"),
    "control-room": (hall.control_room, "teal"),
    "hearing-room": (hall.hearing_room, "blue"),
    "ballot-box": (hall.ballot_box, "vermilion"),
    "price-cliffs": (shore.price_cliffs, "coral"),
    "barrage": (shore.barrage, "vermilion"),
    "lagoon": (shore.lagoon, "amber"),
    "blade-crack": (hall.blade_crack, "vermilion"),
    "two-hulls": (shore.two_hulls, "amber"),
    "ferry": (shore.ferry, "green"),
    "storm-wall": (shore.storm_wall, "vermilion"),
    "welder": (hall.welder, "amber"),
    "tide-gauge": (shore.tide_gauge, "teal"),
    "courthouse": (hall.courthouse, "vermilion"),
    "current-map": (water.current_map, "vermilion"),
    "fish-ladder": (life.fish_ladder, "coral"),
    "seal": (life.seal, "vermilion"),
    "ocean-heat": (life.ocean_heat, "blue"),
    "strait": (water.strait, "vermilion"),
    "porpoise": (life.porpoise, "teal"),
    "ice-buoy": (water.ice_buoy, "coral"),
    "moon-flats": (water.moon_flats, "amber"),
}

CAPTIONS = {
    "barge-turbine": "Two rotors under a floating platform. Drawing",
    "lighthouse": "The light at Carrow Head. Drawing",
    "harbour-crane": "A nacelle comes ashore. Drawing",
    "seabed-robot": "A crawler and the ribs of an old ship. Drawing",
    "kite": "The figure of eight that an underwater kite flies. Drawing",
    "wave-buoy": "A power buoy in the swell. Drawing",
    "cable-drum": "A drum of sea cable on the quay. Drawing",
    "control-room": "The control room in Port Skerrin. Drawing",
    "hearing-room": "A public hearing and its map. Drawing",
    "ballot-box": "A vote on an island. Drawing",
    "price-cliffs": "A price along the cliffs of a month. Drawing",
    "barrage": "A barrage with one sluice open. Drawing",
    "lagoon": "A lagoon from the air. Drawing",
    "blade-crack": "A rotor blade on trestles. Drawing",
    "two-hulls": "Two hulls and one rope. Drawing",
    "ferry": "The ferry at its charging arm. Drawing",
    "storm-wall": "A harbour wall in a gale. Drawing",
    "welder": "The ring of a generator is welded. Drawing",
    "tide-gauge": "A tide pole at high water. Drawing",
    "courthouse": "The scales above a court's door. Drawing",
    "current-map": "Currents between two islands. Drawing",
    "fish-ladder": "A salmon in a fish ladder. Drawing",
    "seal": "A grey seal with its tag. Drawing",
    "ocean-heat": "An island and the pipe below it. Drawing",
    "strait": "Whirlpools under a bridge. Drawing",
    "porpoise": "Porpoises and a listening post. Drawing",
    "ice-buoy": "A marker buoy among the floes. Drawing",
    "moon-flats": "Low water by moonlight. Drawing",
}


def picture(name: str, size: tuple[int, int] = (1200, 800), spot: str | None = None) -> Image.Image:
    """The picture of that name; `spot` prints it with another second colour."""
    draw, usual = PICTURES[name]
    return press(draw, spot=spot or usual, seed=sum(map(ord, name)), size=size)
