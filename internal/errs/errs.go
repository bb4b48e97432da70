// Package errs names the kinds of error that a face can show: what went wrong, and what to do next.
//
// A room returns an [*Error] where it knows the kind or a hint; everything else travels as a plain
// wrapped error. Faces ask [KindOf] and [HintOf]; the exit code of the command line follows from the kind.
package errs

import (
	"context"
	"errors"
	"fmt"
)

// Kind says which of a few answers a face gives. The zero Kind is [Internal].
type Kind uint8

// The kinds, each with the exit code that the command line gives it.
const (
	Internal    Kind = iota // 1: a defect of ours or an error of no known kind
	Usage                   // 2: wrong flags, arguments or configuration
	NoAdapter               // 3: no adapter there, port busy or not permitted
	NoVehicle               // 4: the adapter works, no vehicle answers
	Adapter                 // 5: the adapter misbehaves or was lost
	BadInput                // 6: a file or stream that cannot be understood
	Denied                  // 7: refused: read-only, not confirmed, engine running
	Unsupported             // 8: this platform, adapter or vehicle cannot do it
	Cancelled               // 130: ended by the user
)

// kindNames are also the `kind` of an error in JSON output.
var kindNames = [...]string{"internal", "usage", "no_adapter", "no_vehicle", "adapter", "bad_input", "denied", "unsupported", "cancelled"}

// String returns the kind as JSON output spells it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Internal]
}

// ExitCode returns the documented exit code of the command line.
func (k Kind) ExitCode() int {
	switch {
	case k == Cancelled:
		return 130
	case k < Cancelled:
		return int(k) + 1
	}
	return 1
}

// Error is an error with a kind and, where there is a next step, a hint.
type Error struct {
	Kind Kind
	Hint string // what to do next, one sentence, empty when there is nothing to say
	Err  error  // what happened; never nil
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of kind k; format and args are those of [fmt.Errorf], %w included.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Err: fmt.Errorf(format, args...)}
}

// WithHint returns e with its next step set, for chaining behind [New].
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// KindOf returns the kind of the outermost [*Error] in err's chain; a cancelled context is [Cancelled].
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	return Internal
}

// HintOf returns the outermost non-empty hint in err's chain.
func HintOf(err error) string {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}
