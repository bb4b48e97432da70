package uds

import "fmt"

// The tasks of service 29 (table 74).
const (
	Deauthenticate            = 0x00
	VerifyUnidirectional      = 0x01
	VerifyBidirectional       = 0x02
	ProofOfOwnership          = 0x03
	TransmitCertificate       = 0x04
	RequestChallenge          = 0x05
	VerifyProofUnidirectional = 0x06
	VerifyProofBidirectional  = 0x07
	AuthenticationConfig      = 0x08
)

const algorithmIndicator = 16 // bytes of the object identifier of an algorithm

// AuthenticationStep is the reply to service 29. Lists of bytes that the task does not have are empty.
type AuthenticationStep struct {
	Task         byte `json:"task"`
	Return       byte `json:"return"`
	Algorithm    Hex  `json:"algorithm,omitempty"`
	Challenge    Hex  `json:"challenge,omitempty"`
	Certificate  Hex  `json:"certificate,omitempty"`
	Proof        Hex  `json:"proof,omitempty"`
	EphemeralKey Hex  `json:"ephemeral_key,omitempty"`
	SessionInfo  Hex  `json:"session_key_info,omitempty"`
	Additional   Hex  `json:"additional,omitempty"`
}

// ReturnName names the return value (table 82).
func (s *AuthenticationStep) ReturnName() string {
	names := map[byte]string{
		0x00: "request accepted", 0x01: "general reject",
		0x02: "configuration: certificate exchange", 0x03: "configuration: challenge, asymmetric",
		0x04: "configuration: challenge, symmetric", 0x10: "deauthentication successful",
		0x11: "certificate verified, ownership to be proven", 0x12: "ownership verified, authentication complete",
		0x13: "certificate verified",
	}
	if name, ok := names[s.Return]; ok {
		return name
	}
	return fmt.Sprintf("return value %02X", s.Return)
}

func (a *answer) authentication() any {
	s := &AuthenticationStep{Task: a.subFunction(), Return: a.byte()}
	switch a.asked() {
	case VerifyUnidirectional:
		s.Challenge, s.EphemeralKey = a.block(), a.block()
	case VerifyBidirectional:
		s.Challenge, s.Certificate, s.Proof, s.EphemeralKey = a.block(), a.block(), a.block(), a.block()
	case ProofOfOwnership:
		s.SessionInfo = a.block()
	case RequestChallenge:
		s.Algorithm = Hex(a.take(algorithmIndicator))
		s.Challenge, s.Additional = a.block(), a.block()
	case VerifyProofUnidirectional:
		s.Algorithm, s.SessionInfo = Hex(a.take(algorithmIndicator)), a.block()
	case VerifyProofBidirectional:
		s.Algorithm, s.Proof, s.SessionInfo = Hex(a.take(algorithmIndicator)), a.block(), a.block()
	}
	return s
}
