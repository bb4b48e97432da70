package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// Answer is the verdict in one word.
type Answer string

// The answers.
const (
	Fixed     Answer = "fixed"     // every code is gone and the car has tested itself again
	Unproven  Answer = "unproven"  // every code is gone, but monitors have yet to run
	Improved  Answer = "improved"  // some codes are gone, none is new
	Unchanged Answer = "unchanged" // the same codes, or none before and after
	Worse     Answer = "worse"     // something new is wrong
	Unknown   Answer = "unknown"   // what would decide it could not be read, or these are two vehicles
)

// Verdict is what the comparison says to the customer.
type Verdict struct {
	Answer  Answer   `json:"answer"`
	Reasons []Reason `json:"reasons"` // most important first
}

// Reason is one sentence of a verdict: ID and Values for those who say it in another language.
type Reason struct {
	ID     string   `json:"id"`
	Values []string `json:"values,omitempty"`
	Text   string   `json:"text"` // English
}

func judge(r *Result, before, after *obd.Scan) Verdict {
	v := Verdict{Reasons: []Reason{}}
	say := func(id, text string, values ...string) {
		args := make([]any, len(values))
		for i, s := range values {
			args[i] = s
		}
		v.Reasons = append(v.Reasons, Reason{ID: id, Values: values, Text: fmt.Sprintf(text, args...)})
	}
	tell(r, after, say)
	v.Answer = answer(r, before, after)
	return v
}

// tell gives the reasons; each stands by itself.
func tell(r *Result, after *obd.Scan, say func(id, text string, values ...string)) {
	if r.SameVehicle == "no" {
		say("two_vehicles", "The scans are of two vehicles: %s and %s.", r.Before.VIN, r.After.VIN)
	}
	for _, group := range []struct {
		change   Change
		id, text string
	}{
		{New, "codes_new", "New since the first scan: %s."},
		{Kept, "codes_kept", "Still there: %s."},
		{Blind, "codes_blind", "Could not be compared, because a list could not be read or a control unit did not answer: %s."},
		{Gone, "codes_gone", "No longer there: %s."},
	} {
		if list := named(r.Codes, group.change); list != "" {
			say(group.id, group.text, list)
		}
	}
	if list := permanentOnly(r.Codes); list != "" {
		say("permanent_only", "Only in the permanent memory, which the car clears by itself after the next passed test: %s.", list)
	}
	switch {
	case r.After.MIL && !r.Before.MIL:
		say("mil_on", "The malfunction indicator lamp came on.")
	case !r.After.MIL && r.Before.MIL && slices.Contains(after.Complete, obd.StepReadiness):
		say("mil_off", "The malfunction indicator lamp is off.")
	}
	if open := opened(r.Monitors); len(open) > 0 {
		say("monitors_open", "The car has yet to run its own tests: %s.", joined(open))
	}
	for _, t := range r.Tests {
		switch t.Move {
		case "fails_now":
			say("test_fails", "The car's own test fails now: %s.", testName(t))
		case "passes_now":
			say("test_passes", "The car's own test passes again: %s.", testName(t))
		}
	}
}

// answer follows from codes, lamp, tests and readiness in this order.
func answer(r *Result, before, after *obd.Scan) Answer {
	had, left, fresh, blind := 0, 0, 0, 0
	for _, c := range r.Codes {
		switch {
		case c.Change == New:
			fresh++
		case c.Change == Blind:
			blind++
		case c.Change == Gone || c.Remains:
			had++
		default:
			had, left = had+1, left+1
		}
	}
	fails := slices.ContainsFunc(r.Tests, func(t TestChange) bool { return t.Move == "fails_now" })
	switch {
	case r.SameVehicle == "no":
		return Unknown
	case fresh > 0 || r.After.MIL && !r.Before.MIL || fails:
		return Worse
	case blind > 0 || !slices.Contains(after.Complete, obd.StepStored) || !slices.Contains(before.Complete, obd.StepStored):
		return Unknown
	case had == 0:
		return Unchanged
	case left == had:
		return Unchanged
	case left > 0 || r.After.MIL:
		return Improved
	case len(opened(r.Monitors)) > 0 || !slices.Contains(after.Complete, obd.StepReadiness):
		return Unproven
	}
	return Fixed
}

func named(all []CodeChange, change Change) string {
	var list []string
	for _, c := range all {
		if c.Change == change && !c.Remains && !slices.Contains(list, c.Code) {
			list = append(list, c.Code)
		}
	}
	return strings.Join(list, ", ")
}

func permanentOnly(all []CodeChange) string {
	var list []string
	for _, c := range all {
		if c.Remains && !slices.Contains(list, c.Code) {
			list = append(list, c.Code)
		}
	}
	return strings.Join(list, ", ")
}

func joined(ids []obd.MonitorID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strings.ReplaceAll(string(id), "_", " ")
	}
	return strings.Join(words, ", ")
}

func testName(t TestChange) string {
	name := strings.TrimSpace(t.Name + " " + t.TestName)
	if name == "" {
		name = fmt.Sprintf("test %02X", t.TID)
	}
	return name
}
