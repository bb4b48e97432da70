package j1939

import "encoding/json"

// PGNDM30 holds scaled test results.
const PGNDM30 = 41984 // A400

const testBytes = 12

// Verdict is the outcome of a test.
type Verdict uint8

// The verdicts.
const (
	Passed Verdict = iota
	Failed
	NotComplete // FB00
	Impossible  // FB01: cannot be performed
)

// TestResult is one result of DM30. Limits of FFFF do not exist.
type TestResult struct {
	Test  uint8  `json:"test"`
	SPN   uint32 `json:"spn"`
	FMI   uint8  `json:"fmi"`
	Slot  uint16 `json:"slot"` // how value and limits are scaled
	Value uint16 `json:"value"`
	Max   uint16 `json:"max"`
	Min   uint16 `json:"min"`
}

const (
	testNotComplete = 0xFB00
	testImpossible  = 0xFB01
	noLimit         = 0xFB00 // from here on: FFFF where there is none, FB00 where the test has not run
)

// HasMax tells whether there is an upper limit.
func (t TestResult) HasMax() bool { return t.Max < noLimit }

// HasMin tells whether there is a lower limit.
func (t TestResult) HasMin() bool { return t.Min < noLimit }

// Verdict says how the test ended.
func (t TestResult) Verdict() Verdict {
	switch {
	case t.Value == testNotComplete:
		return NotComplete
	case t.Value == testImpossible:
		return Impossible
	case t.HasMax() && t.Value > t.Max, t.HasMin() && t.Value < t.Min:
		return Failed
	}
	return Passed
}

// String says the verdict in words.
func (v Verdict) String() string {
	return [...]string{"passed", "failed", "not complete", "cannot be performed"}[v&3]
}

// MarshalJSON adds the verdict to the numbers.
func (t TestResult) MarshalJSON() ([]byte, error) {
	type bare TestResult
	return json.Marshal(struct {
		bare
		Verdict string `json:"verdict"`
	}{bare(t), t.Verdict().String()})
}

// ParseDM30 reads DM30: twelve bytes a result. All results that are whole come with an error for a rest.
func ParseDM30(data []byte) ([]TestResult, error) {
	var out []TestResult
	for ; len(data) >= testBytes; data = data[testBytes:] {
		t := TestResult{Test: data[0]}
		t.SPN, t.FMI = spn19(data[1:])
		for i, to := range []*uint16{&t.Slot, &t.Value, &t.Max, &t.Min} {
			*to = uint16(data[4+2*i]) | uint16(data[5+2*i])<<8
		}
		out = append(out, t)
	}
	if len(data) > 0 && data[0] != 0xFF {
		return out, short("DM30", data, testBytes)
	}
	return out, nil
}

// DM30Bytes returns the message.
func DM30Bytes(list []TestResult) []byte {
	var out []byte
	for _, t := range list {
		b := [testBytes]byte{t.Test}
		putSPN19(b[1:], t.SPN, t.FMI)
		for i, v := range []uint16{t.Slot, t.Value, t.Max, t.Min} {
			b[4+2*i], b[5+2*i] = byte(v), byte(v>>8)
		}
		out = append(out, b[:]...)
	}
	return out
}
