package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// pauseAfter is the silence after which a look at the clock becomes an event of its own, so that a
// replay sees the same idle times. Shorter ones are not worth a line.
const pauseAfter = time.Second

// Recorder writes a recording. One recorder may wrap several ports one after the other: a link that is
// opened again goes on in the same file.
//
// Each event is written by one system call as it happens, so a killed program loses at most its last line.
type Recorder struct {
	mu      sync.Mutex
	out     io.WriteCloser
	path    string
	header  Header
	begun   bool
	clock   func() time.Time
	epoch   time.Time     // reading of clock at the start
	last    time.Duration // time of the last event
	looks   int           // how often the clock was asked since
	ids     identities
	failure error
	buf     []byte
	size    int64 // bytes written
}

// Create makes the file of a recording. It never overwrites: a recording may be the only trace of a fault
// that does not come back. Nothing is written until [Recorder.Wrap].
func Create(path, tool string) (*Recorder, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, errs.New(errs.Usage, "record to %s: the file exists", path).
			WithHint("choose another name, or remove the file first")
	case err != nil:
		return nil, errs.New(errs.Usage, "record: %w", err)
	}
	r := NewRecorder(f, tool, time.Now)
	r.path = path
	return r, nil
}

// NewRecorder writes to w, which Close closes, by the clock now.
func NewRecorder(w io.WriteCloser, tool string, now func() time.Time) *Recorder {
	epoch := now()
	_, offset := epoch.Zone()
	started := epoch.Truncate(time.Microsecond).In(time.FixedZone("", offset))
	id, err := uuid.NewV7()
	if err != nil { // only when the system has no randomness
		id = version7(started, []byte(started.String()))
	}
	return &Recorder{
		out: w, clock: now, epoch: epoch,
		header: Header{Started: started, Tool: tool, ID: id},
		ids:    identities{session: id},
	}
}

// Wrap returns p with everything that passes written down. The first call writes the header: address is
// that of the adapter found, dial says how the dialogue is opened and is handed back by [Recording.Header].
// The result is a [link.SpeedSetter] if p is one.
func (r *Recorder) Wrap(p link.Port, address string, dial any) link.Port {
	speed, adjustable := p.(link.SpeedSetter)
	r.mu.Lock()
	if !r.begun {
		r.begun = true
		r.header.Address = address
		if adjustable {
			r.header.Speed = speed.Speed()
		}
		r.header.Dial, r.failure = json.Marshal(dial)
		r.write(r.header.append(nil))
	}
	r.mu.Unlock()
	r.note(wordOpen, nil)
	w := &recorded{port: p, recorder: r}
	if adjustable {
		return &recordedLine{recorded: w, line: speed}
	}
	return w
}

// Now is the time of the last event, in whole microseconds and the offset at the start. It is the clock
// to stamp results with while recording: a replay reads the same times.
func (r *Recorder) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.elapsed()-r.last > pauseAfter {
		r.noteLocked(wordPause, strconv.AppendInt(nil, int64(r.looks), 10))
	}
	r.looks++
	return r.header.Started.Add(r.last)
}

// NewID returns the session's identifier first and then ones that follow from it.
func (r *Recorder) NewID() uuid.UUID {
	now := r.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids.next(now)
}

// Err returns the first failure to write; the recorded port works on regardless.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}

// Close ends the recording and tells whether all of it was written.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		return r.failure
	}
	if f, ok := r.out.(*os.File); ok && r.failure == nil {
		r.failure = f.Sync()
	}
	err := r.out.Close()
	r.out = nil
	if r.failure == nil {
		r.failure = err
	}
	if r.failure != nil {
		r.failure = fmt.Errorf("record to %s: %w", r.path, r.failure)
	}
	if !r.begun && r.path != "" {
		_ = os.Remove(r.path) // nothing was opened: leave no empty file behind
	}
	return r.failure
}

func (r *Recorder) elapsed() time.Duration {
	return max(r.clock().Sub(r.epoch).Truncate(time.Microsecond), r.last)
}

// note writes one event at the present time.
func (r *Recorder) note(w word, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noteLocked(w, data)
}

// noteFrame writes a frame that came and returns its time.
func (r *Recorder) noteFrame(f *can.Frame) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noteLocked(wordFrameGot, framelog.AppendFrame(nil, f))
	return r.header.Started.Add(r.last)
}

func (r *Recorder) noteLocked(w word, data []byte) {
	r.last, r.looks = r.elapsed(), 0
	r.buf = event{at: r.last, word: w, data: data}.append(r.buf[:0])
	r.write(r.buf)
}

func (r *Recorder) write(b []byte) {
	if r.out == nil || r.failure != nil {
		return
	}
	if r.size += int64(len(b)); r.size > sizeLimit {
		r.failure = errs.New(errs.Usage, "the recording ends at %d MiB, which is all that a replay reads", sizeLimit>>20).
			WithHint("what came until then is there; record shorter stretches, each to a file of its own")
		return
	}
	_, r.failure = r.out.Write(b)
}

// recorded is a port under a recorder.
type recorded struct {
	port     link.Port
	recorder *Recorder
	once     sync.Once
}

func (p *recorded) Read(b []byte) (int, error) {
	n, err := p.port.Read(b)
	if n > 0 {
		p.recorder.note(wordGot, b[:n])
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.recorder.note(wordTimeout, nil)
	case err != nil:
		p.lost(err)
	}
	return n, err
}

// Write notes first: the answer must not stand in front of its command.
func (p *recorded) Write(b []byte) (int, error) {
	if len(b) > 0 {
		p.recorder.note(wordSent, b)
	}
	n, err := p.port.Write(b)
	if err != nil {
		p.lost(err)
	}
	return n, err
}

func (p *recorded) lost(err error) {
	p.once.Do(func() { p.recorder.note(wordLost, []byte(err.Error())) })
}

func (p *recorded) SetReadDeadline(t time.Time) error { return p.port.SetReadDeadline(t) }
func (p *recorded) Name() string                      { return p.port.Name() }

func (p *recorded) Close() error {
	p.once.Do(func() { p.recorder.note(wordClose, nil) })
	return p.port.Close()
}

// recordedLine is a serial line under a recorder.
type recordedLine struct {
	*recorded
	line link.SpeedSetter
}

func (p *recordedLine) Speed() int { return p.line.Speed() }

func (p *recordedLine) SetSpeed(baud int) error {
	p.recorder.note(wordSpeed, strconv.AppendInt(nil, int64(baud), 10))
	return p.line.SetSpeed(baud)
}
