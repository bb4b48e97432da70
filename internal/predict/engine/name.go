package engine

import "slices"

// name picks the part that explains the reasons best, and those that explain some of them too. Reasons come
// furthest first. Where two parts share a symptom, physics decides:
//   - coolant that is too cold but does not move at all is read by a stuck sensor; behind an open thermostat it moves;
//   - manifold pressure that is up while the mixture runs lean is air that nobody metered; a sensor that reads
//     too high makes the engine rich, or leaves the trims alone where air is metered otherwise.
func name(reasons []Reason, stats []stat) (Part, []Part) {
	var parts []Part
	for _, r := range reasons {
		if !slices.Contains(parts, r.Part) {
			parts = append(parts, r.Part)
		}
	}
	if slices.Contains(parts, Thermostat) && frozen(stats) {
		parts = replace(parts, Thermostat, CoolantSensor)
	}
	if i := slices.Index(parts, MAPSensor); i >= 0 && slices.Contains(parts, IntakeLeak) {
		parts = prefer(parts, IntakeLeak, MAPSensor)
	}
	if i := slices.Index(parts, CoolantSensor); i > 0 && slices.Contains(parts, Thermostat) {
		parts = prefer(parts, CoolantSensor, Thermostat)
	}
	if len(parts) > 1 && parts[0] == Unknown { // what has a name goes before what has none
		parts = append(parts[1:], Unknown)
	}
	return parts[0], parts[1:]
}

// frozenFor is how many seconds of running engine without any change of the reading tell a sensor from a thermostat.
const frozenFor = 300

func frozen(stats []stat) bool {
	return slices.ContainsFunc(stats, func(s stat) bool { return s.Measure == flatCoolant && s.Value >= frozenFor })
}

func replace(parts []Part, was, is Part) []Part {
	var out []Part
	for _, p := range parts {
		if p == was {
			p = is
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// prefer moves first in front of second.
func prefer(parts []Part, first, second Part) []Part {
	i, j := slices.Index(parts, first), slices.Index(parts, second)
	if i > j {
		parts = slices.Delete(parts, i, i+1)
		parts = slices.Insert(parts, j, first)
	}
	return parts
}
