// Package importer takes in what other programs recorded: one file per foreign format, each turning a stream
// into readings and scans.
//
// The format is found by content, never by name alone. Everything streams: memory does not grow with the
// file. What cannot be understood costs its own line, is counted and listed, and never the rest.
package importer

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

// Vehicle says whose readings they are, as far as a file tells.
type Vehicle struct {
	VIN string
	// Label is how the file names the vehicle, "" when it does not.
	Label string
}

// Sink takes what was read. A slice is the importer's again when the call returns.
type Sink interface {
	// Readings takes readings of one vehicle, ordered by signal, ECU and time, and returns how many were new.
	Readings(ctx context.Context, v Vehicle, batch []obd.Reading) (int, error)
	// Scan takes a scan, with the recording of its dialogue where it was made of one; [ErrKnown] and [ErrTaken] cost
	// only the scan.
	Scan(ctx context.Context, v Vehicle, s *obd.Scan, recording []byte) error
}

// What a sink says of a scan that it does not keep.
var (
	ErrKnown = errors.New("the scan is there already")
	ErrTaken = errors.New("another scan with this id is there; it was left as it is")
)

// Options say how files are read. The zero value reads with the built-in catalogue and times in UTC.
type Options struct {
	Catalog *catalog.Catalog // nil for the built-in one
	Zone    *time.Location   // of times that do not name theirs; nil for UTC
	ZoneSet bool             // the person named Zone, so that it goes before what a file hints at
	Start   time.Time        // when a recording without a date began
	// KeepImpossible takes in numbers that the signal cannot be, such as 999 degrees of coolant.
	KeepImpossible bool
	Mapping        *Mapping // how the columns are to be read; nil to guess
	// MapOnly reads no further than the columns of a table.
	MapOnly bool
	// Interpret returns an interpreter for one file of raw traffic; nil leaves such files unread.
	Interpret func() Interpreter
	Progress  func(Progress) // told now and then; may be nil
	Limits    Limits
	Now       func() time.Time // nil for the system's clock; measures the rate only
}

// Progress is how far a file is.
type Progress struct {
	Bytes, Size int64 // of the file as it lies there; Size is -1 when not known
	Rows        int64
	Readings    int64
}

// Limits bound what one file may cost. Zero fields mean the defaults.
type Limits struct {
	Bytes   int64 // decompressed; default 64 GiB
	Ratio   int64 // decompressed to compressed, beyond the first 64 MiB; default 400
	Rejects int   // rejected lines that are listed, the rest is counted; default 100
	Batch   int   // readings in one batch; default 131,072
}

func (l Limits) orDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 64 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 400
	}
	if l.Rejects <= 0 {
		l.Rejects = 100
	}
	if l.Batch <= 0 {
		l.Batch = 128 << 10
	}
	return l
}

func (o Options) orDefaults() Options {
	if o.Catalog == nil {
		o.Catalog = catalog.Builtin()
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Limits = o.Limits.orDefaults()
	return o
}

// headBytes is how much of a file is looked at to find its format and its columns.
const headBytes = 128 << 10

// Run reads one file into the sink. The summary tells what was read also beside an error. Errors are of
// kind [errs.BadInput] where the file is to blame, or those of the sink and of ctx.
func Run(ctx context.Context, src Source, o Options, sink Sink) (Summary, error) {
	o = o.orDefaults()
	began := o.Now()
	in, err := openInput(ctx, src, o)
	if err != nil {
		return Summary{Schema: Schema, Name: src.Name}, err
	}
	defer in.close()
	out := newOutput(ctx, src, o, sink, in)
	err = readAny(in, out)
	if err == nil {
		err = out.finish()
	}
	if err == nil && !o.MapOnly && out.sum.empty() {
		err = in.blame(fmt.Errorf("%w: %s", errNothing, out.sum.Rejects[0].Reason))
	}
	if err == nil && !o.MapOnly {
		err = in.drain()
	}
	out.sum.complete(in, o, o.Now().Sub(began))
	return out.sum, err
}

// readAny finds the format of a file and reads it.
func readAny(in *input, out *output) error {
	head, err := in.head()
	if err != nil {
		return err
	}
	f, err := sniff(head, out.o)
	if err != nil {
		return in.blame(err)
	}
	out.sum.Format, out.undated = f.name, undated(head)
	return in.blame(f.read(in, out))
}

// format is one way of writing things down.
type format struct {
	name string
	is   func(head []byte) bool
	read func(in *input, out *output) error
}

// formats lists them, the surest sign first. A table of columns is what is left.
func formats() []format {
	return []format{
		{"obdctl-recording", isRecording, readRecording},
		{"json", isJSON, readJSON},
		{"obdb-test-case", isTestCase, readTestCase},
		{"can-asc", isASC, readFrames},
		{"can-trc", isTRC, readFrames},
		{"candump", isCandump, readFrames},
		{"elm327-transcript", isTranscript, readTranscript},
		{"table", isTable, readTable},
	}
}

func sniff(head []byte, o Options) (format, error) {
	if o.Mapping != nil {
		return format{name: "table", read: readTable}, nil
	}
	for _, f := range formats() {
		if f.is(head) {
			return f, nil
		}
	}
	return format{}, errUnknown
}

// reader is what formats read lines from.
func (in *input) reader() *bufio.Reader { return in.text }

// NoLog tells the errors of files that hold no log at all, such as the read-me beside one.
func NoLog(err error) bool {
	return errors.Is(err, errUnknown) || errors.Is(err, errNoTitles) || errors.Is(err, errNoTime) || errors.Is(err, errNoValues) || errors.Is(err, errEmpty)
}
