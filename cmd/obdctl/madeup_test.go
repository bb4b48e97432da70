package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fleetms/obdctl/internal/predict/madeup"
)

// drive FOLDER N SECONDS FIRST-DAY [FAULT] writes the logs of a made-up car: one drive a day from a day on.
func drive(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: madeup FOLDER N SECONDS FIRST-DAY [FAULT]")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	seconds, err := strconv.Atoi(args[2])
	ts.Check(err)
	first, err := time.Parse(time.DateOnly, args[3])
	ts.Check(err)
	d := madeup.Drive{Seconds: seconds}
	if len(args) > 4 {
		d.Fault = madeup.Fault(args[4])
	}
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o755))
	for i := range n {
		d.Start = first.AddDate(0, 0, i).Add(7 * time.Hour)
		d.Seed = uint64(d.Start.Unix() / 86400)
		var b bytes.Buffer
		ts.Check(madeup.WriteCSV(&b, d.Readings()))
		ts.Check(os.WriteFile(filepath.Join(folder, fmt.Sprintf("drive-%s.csv", d.Start.Format(time.DateOnly))), b.Bytes(), 0o644))
	}
}
