// Package house holds the floor plan: which package stands on which floor, and which arrows may run.
//
// Arrows run down. Rooms on one floor do not see each other, except inside their own folder. Only
// cmd/ sees every wing. The test of this package keeps it.
package house

import "strings"

// Module is the import path of the project.
const Module = "github.com/fleetms/obdctl"

// Room is a folder and the floor that it and everything below it stands on.
type Room struct {
	Path  string
	Floor int
	Wing  string // rooms of one wing may be siblings without seeing each other
}

// Plan lists the rooms from the roof to the ground. The longest matching path decides.
var Plan = []Room{
	{"cmd", 6, "ties"},
	{"tui", 5, "faces"},
	{"web", 5, "faces"},
	{"internal/server", 5, "faces"},
	{"internal/job", 5, "faces"},
	{"adapters", 4, "vehicle"},
	{"internal/diag", 4, "vehicle"},
	{"internal/scan", 4, "vehicle"},
	{"internal/decode", 4, "vehicle"},
	{"internal/batch", 4, "vehicle"},
	{"internal/store/", 4, "records"},
	{"sync", 4, "records"},
	{"internal/auth", 4, "records"},
	{"internal/predict", 4, "insight"},
	{"internal/score", 4, "insight"},
	{"internal/alert", 4, "insight"},
	{"internal/report", 4, "insight"},
	{"internal/trip", 4, "insight"},
	{"internal/trend", 4, "insight"},
	{"internal/importer", 4, "insight"},
	{"internal/export", 4, "insight"},
	{"internal/integration", 4, "outside"},
	{"internal/protocol", 3, "protocols"},
	{"internal/assess", 2, "seams and rules"},
	{"internal/compare", 2, "seams and rules"},
	{"internal/chart", 2, "seams and rules"},
	{"internal/link", 2, "seams and rules"},
	{"internal/catalog", 2, "seams and rules"},
	{"internal/event", 2, "seams and rules"},
	{"internal/access", 2, "seams and rules"},
	{"internal/search", 2, "seams and rules"},
	{"internal/store", 2, "seams and rules"},
	{"internal/obd", 1, "words"},
	{"internal/can", 1, "words"},
	{"internal/errs", 1, "words"},
	{"internal/fleet", 1, "words"},
	{"internal/lang", 1, "words"},
	{"docs/schema", 1, "words"},
	{"internal/config", 1, "read by cmd only"},
	{"internal/telemetry", 1, "read by cmd only"},
	{"internal/house", 0, "the plan"},
}

// Beside lists the arrows that may run on one floor, from folder to folder.
var Beside = map[[2]string]string{
	{"internal/fleet", "internal/obd"}:            "a fleet's words build on a car's",
	{"internal/fleet", "internal/errs"}:           "errors have kinds everywhere",
	{"internal/config", "internal/errs"}:          "errors have kinds everywhere",
	{"internal/store", "internal/search"}:         "a store takes a parsed query",
	{"internal/scan", "internal/diag"}:            "a scan is steps of a tester",
	{"internal/store/sqlite", "internal/store"}:   "an engine implements the door",
	{"internal/store/postgres", "internal/store"}: "an engine implements the door",
	{"internal/predict", "internal/score"}:        "the evaluation measures scores beside models",
	{"internal/server", "web"}:                    "the server hands out the embedded web app",
}

// Pure lists folders that touch no outside world, with the imports that they must not have.
var Pure = map[string][]string{
	"internal/protocol": {"net", "os", "syscall", "database/sql", "log", "log/slog"},
	"internal/obd":      {"net", "os", "syscall", "database/sql", "log", "log/slog"},
	"internal/assess":   {"net", "os", "syscall", "database/sql", "log", "log/slog"},
}

// Apart lists arrows that run down and are still forbidden, with the reason.
var Apart = []struct{ From, To, Why string }{
	{"adapters", "internal/diag", "adapters and the diagnosis know only internal/link"},
	{"internal/server", "internal/protocol", "faces read words"},
	{"internal/server", "adapters", "faces read words"},
	{"tui", "internal/protocol", "faces read words"},
	{"tui", "adapters", "faces are handed small interfaces"},
	{"tui", "internal/store", "faces are handed small interfaces"},
	{"tui", "internal/diag", "faces are handed small interfaces"},
	{"tui", "internal/scan", "faces are handed small interfaces"},
	{"internal/report", "internal/protocol", "insight reads words"},
	{"internal/predict", "internal/protocol", "insight reads words"},
	{"internal/score", "internal/protocol", "insight reads words"},
	{"adapters/simulator", "internal/catalog", "the simulator must not build answers with our decoders, or a bug would cancel itself out"},
	{"adapters/simulator", "internal/protocol", "the simulator must not build answers with our codecs, or a bug would cancel itself out"},
}

// Find returns the room of a package path relative to the module, such as "internal/obd".
func Find(path string) (Room, bool) {
	var found Room
	for _, r := range Plan {
		inside := path == r.Path || strings.HasPrefix(path, strings.TrimSuffix(r.Path, "/")+"/")
		if inside && len(r.Path) > len(found.Path) {
			found = r
		}
	}
	return found, found.Path != ""
}
