package uds

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// answer is a positive reply being taken apart.
type answer struct {
	reader
	know    Knowledge
	request []byte
	problem string // what breaks the standard
	stray   string // what does not belong to the request
	open    bool   // more bytes than the fields are allowed
}

// parsers has the fields of each service.
var parsers = map[obd.Service]func(*answer) any{
	SessionControl:     (*answer).session,
	ECUReset:           (*answer).reset,
	ClearInformation:   (*answer).raw,
	ReadDTC:            (*answer).dtcReport,
	ReadByIdentifier:   (*answer).identifiers,
	ReadScaling:        (*answer).scaling,
	SecurityAccess:     (*answer).security,
	Communication:      (*answer).echo,
	Authentication:     (*answer).authentication,
	ReadPeriodic:       (*answer).raw,
	DefineIdentifier:   (*answer).defined,
	WriteByIdentifier:  (*answer).written,
	InputOutputControl: (*answer).control,
	RoutineControl:     (*answer).routine,
	TesterPresent:      (*answer).echo,
	AccessTiming:       (*answer).timing,
	DTCSetting:         (*answer).echo,
	ResponseOnEvent:    (*answer).event,
	LinkControl:        (*answer).echo,

	ReadMemory:          (*answer).memory,
	WriteMemory:         (*answer).memoryWritten,
	RequestDownload:     (*answer).transferAccepted,
	RequestUpload:       (*answer).transferAccepted,
	TransferData:        (*answer).transferred,
	RequestTransferExit: (*answer).raw,
	RequestFileTransfer: (*answer).fileTransfer,
	SecuredData:         (*answer).secured,
}

// Known tells the services of ISO 14229-1, those included of which only replies are read.
func Known(s obd.Service) bool { return parsers[s] != nil }

func (a *answer) parse() any {
	if parser, ok := parsers[obd.Service(a.request[0])]; ok {
		return parser(a)
	}
	return a.raw()
}

func (a *answer) raw() any { return &Raw{Bytes: a.rest()} }

// leftover says what is wrong with bytes behind the last field.
func (a *answer) leftover() string {
	if a.open || a.know.padding(a.data) {
		return ""
	}
	return fmt.Sprintf("%d bytes too many", len(a.data))
}

// asked returns the sub-function of the request without the bit that asks for silence.
func (a *answer) asked() byte {
	if len(a.request) < 2 {
		return 0
	}
	return a.request[1] &^ SuppressPositive
}

// subFunction takes the echo of the sub-function.
func (a *answer) subFunction() byte {
	sub := a.byte()
	if !a.short {
		a.same("sub-function", uint32(a.asked()), uint32(sub))
	}
	return sub
}

// same notes a field of the reply that should repeat the request's.
func (a *answer) same(what string, asked, got uint32) {
	if asked != got && a.stray == "" && !a.short {
		a.stray = fmt.Sprintf("%s %02X was asked, %02X answered", what, asked, got)
	}
}

// Echo is the reply of a service that only repeats its sub-function: 28, 3E, 85, 87.
type Echo struct {
	SubFunction byte `json:"sub_function"`
	Record      Hex  `json:"record,omitempty"` // what a maker adds
}

func (a *answer) echo() any {
	e := &Echo{SubFunction: a.subFunction()}
	e.Record = a.rest()
	return e
}
