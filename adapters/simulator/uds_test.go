package simulator_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/link"
)

func hexOf(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// udsRow is one request as a frame, and the data of all that must be answered; "" is silence.
type udsRow struct {
	name, send, want string
}

// udsTalk runs rows against one ECU that takes requests at one identifier and answers at another.
func udsTalk(t *testing.T, address, request, reply string, rows []udsRow) {
	t.Helper()
	b := openBus(t, address)
	for _, r := range rows {
		put(t, b, request+"#"+r.send)
		got := assemble(t, b, request, reply)
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", r.name, r.send, diff)
		}
	}
}

// assemble gives the hexadecimal data of what one ECU answers within 300 ms.
func assemble(t *testing.T, b link.Bus, request, reply string) string {
	t.Helper()
	text, want := "", 0
	for {
		again := false
		for _, f := range heard(t, b, 300*time.Millisecond) {
			if len(f) < len(reply)+5 || f[:len(reply)] != reply {
				continue
			}
			data := f[len(reply)+1:]
			switch data[0] {
			case '0':
				n := int(data[1] - '0')
				text += data[2:2+2*n] + " "
			case '1':
				want = 2 * (hexDigit(data[1])<<8 | hexDigit(data[2])<<4 | hexDigit(data[3]))
				text += data[4:]
				want -= len(data) - 4
				put(t, b, request+"#300000")
				again = true
			case '2':
				n := min(want, len(data)-2)
				text += data[2 : 2+n]
				if want -= n; want == 0 {
					text += " "
				}
			}
		}
		if !again {
			if text != "" {
				text = text[:len(text)-1]
			}
			return text
		}
	}
}

func hexDigit(c byte) int {
	if c >= 'A' {
		return int(c-'A') + 10
	}
	return int(c - '0')
}

func TestUDSSessions(t *testing.T) {
	udsTalk(t, "sim:ev-uds?pace=0&at=engine-off", "745", "765", []udsRow{
		{"service 01 does not exist", "020100", "7F0111"},
		{"tester present", "023E00", "7E00"},
		{"without an answer", "023E80", ""},
		{"too long", "033E0000", "7F3E13"},
		{"unknown sub-function", "023E01", "7F3E12"},
		{"not in the default session", "022701", "7F277F"},
		{"programming", "021002", "7F1022"},
		{"unknown session", "021060", "7F1012"},
		{"extended", "021003", "5003003201F4"},
		{"active session", "0322F186", "62F18603"},
		{"extended, quietly", "021083", ""},
		{"unknown level", "022705", "7F2712"},
		{"key before seed", "06270200000000", "7F2724"},
		{"locked", "052EF1980102", "7F2E13"},
		{"default", "021001", "5001003201F4"},
		{"again not", "032E0101", "7F2E7F"},
	})
}

// TestUDSSessionEnds after five seconds without a request; tester present keeps it.
func TestUDSSessionEnds(t *testing.T) {
	b := openBus(t, "sim:ev-uds?pace=0&at=engine-off")
	ask := func(send string) string {
		put(t, b, "745#"+send)
		return assemble(t, b, "745", "765")
	}
	ask("021003")
	for range 4 {
		heard(t, b, 4*time.Second)
		ask("023E80")
	}
	if got := ask("0322F186"); got != "62F18603" {
		t.Errorf("kept alive: %s", got)
	}
	heard(t, b, 5100*time.Millisecond)
	if got := ask("0322F186"); got != "62F18601" {
		t.Errorf("after S3: %s", got)
	}
}

// TestUDSSecurity: two wrong keys, the third shuts the ECU, and time opens it again.
func TestUDSSecurity(t *testing.T) {
	b := openBus(t, "sim:ev-uds?pace=0&at=engine-off")
	ask := func(send string) string {
		put(t, b, "745#"+send)
		return assemble(t, b, "745", "765")
	}
	ask("021003")
	for _, want := range []string{"7F2735", "7F2735", "7F2736"} {
		if seed := ask("022701"); len(seed) != 12 || seed[:4] != "6701" {
			t.Errorf("seed %s", seed)
		}
		if got := ask("06270200000000"); got != want {
			t.Errorf("key: %s, want %s", got, want)
		}
	}
	if got := ask("022701"); got != "7F2737" {
		t.Errorf("while shut: %s", got)
	}
	for range 3 {
		heard(t, b, 4*time.Second)
		ask("023E00")
	}
	seed := unhex(t, ask("022701"))[2:]
	key := []byte{seed[0] ^ 0x5A, seed[1] ^ 0x17, seed[2] ^ 0xC3, seed[3] ^ 0xE9}
	if got := ask("062702" + hexOf(key)); got != "6702" {
		t.Errorf("right key: %s", got)
	}
	if got := ask("022701"); got != "670100000000" {
		t.Errorf("seed of an open ECU: %s", got)
	}
}

func TestUDSFunctions(t *testing.T) {
	udsTalk(t, "sim:ev-uds?pace=0&at=engine-off", "7E4", "7EC", []udsRow{
		{"several identifiers", "0722F187F18BFFFF", "62F18733373530302D4145313030F18B20240311"},
		{"an unknown one", "03220BAD", "7F2231"},
		{"half of one", "0222F1", "7F2213"},
		{"odd", "0422F187F1", "7F2213"},
		{"behind security", "03220200", "7F2233"},
		{"a live one", "03220102", "6201020000"},
		{"routine in default session", "0431010203", "7F317F"},
		{"extended session", "021003", "5003003201F4"},
		{"start", "0431010203", "71010203015C"},
		{"results", "0431030203", "71030203015C"},
		{"results of one that never ran", "043103FF00", "7F3124"},
		{"unknown routine", "0431010BAD", "7F3131"},
		{"unknown sub-function", "0431090203", "7F3112"},
		{"communication control", "03280001", "6800"},
		{"of nothing", "03280000", "7F2831"},
		{"codes off", "028502", "C502"},
		{"output that is not there", "042FD0A000", "7F2F31"},
		{"reset", "021101", "5101"},
		{"away", "023E00", ""},
		{"back", "023E00", "7E00"},
	})
}

// TestUDSPeriodic: service 2A sends by itself on an identifier of its own until it is stopped.
func TestUDSPeriodic(t *testing.T) {
	b := openBus(t, "sim:ev-uds?pace=0&at=engine-off")
	count := func(within time.Duration) (n int) {
		for _, f := range heard(t, b, within) {
			if f[:6] == "5EC#01" {
				n++
			}
		}
		return n
	}
	put(t, b, "7E4#021003", "7E4#042A020102")
	if n := count(1500 * time.Millisecond); n != 5 && n != 6 {
		t.Errorf("medium rate: %d messages in 1.5 s", n)
	}
	put(t, b, "7E4#022A04")
	heard(t, b, 100*time.Millisecond)
	if n := count(time.Second); n != 0 {
		t.Errorf("after the stop: %d", n)
	}
	put(t, b, "7E4#032A0301")
	if n := count(8 * time.Second); n < 95 || n > 105 {
		t.Errorf("fast, until the session ends: %d", n)
	}
}

func TestUDSCodes(t *testing.T) {
	// P0AA6-1A 2F, P0A7F-00 08, U0293-87 50
	udsTalk(t, "sim:ev-uds?pace=0&at=engine-off", "7E4", "7EC", []udsRow{
		{"count", "031901FF", "5901FF010003"},
		{"count of failed", "03190101", "5901FF010001"},
		{"by mask", "03190208", "5902FF0AA61A2F0A7F0008"},
		{"all supported", "02190A", "590AFF0AA61A2F0A7F0008C2938750"},
		{"snapshot list", "021903", "59030AA61A01"},
		{"snapshot", "0619040AA61A01", "59040AA61A2F010201015A010201F4"},
		{"all snapshots", "0619040AA61AFF", "59040AA61A2F010201015A010201F4"},
		{"no such record", "0619040AA61A07", "7F1931"},
		{"no such code", "061904123456FF", "7F1931"},
		{"of a code without", "0619040A7F00FF", "59040A7F0008"},
		{"extended data", "0619060AA61AFF", "59060AA61A2F01030211"},
		{"one record", "0619060AA61A02", "59060AA61A2F0211"},
		{"severity", "0519090AA61A", "5909FF80000AA61A2F"},
		{"by severity", "04190880FF", "5908FF80000AA61A2F"},
		{"count by severity", "04190720FF", "5907FF010001"},
		{"first failed", "02190B", "590BFF0AA61A2F"},
		{"last confirmed", "02190E", "590EFF0A7F0008"},
		{"permanent", "021915", "5915FF"},
		{"too short", "021902", "7F1913"},
		{"unknown", "031977FF", "7F1912"},
		{"only with emission laws", "05194233FF1E", "7F1912"},
		{"clear", "0414FFFFFF", "54"},
		{"afterwards", "0319020F", "5902FF"},
		{"supported still", "02190A", "590AFF0AA61A500A7F0050C2938750"},
		{"no snapshots", "021903", "5903"},
	})
}

// TestOBDonUDS: what SAE J1979-2 has instead of services 01 to 0A.
func TestOBDonUDS(t *testing.T) {
	udsTalk(t, "sim:obdonuds?pace=0&at=engine-off", "7E0", "7E8", []udsRow{
		{"service 01", "020100", "7F0111"},
		{"protocol", "0322F810", "62F81002"},
		{"VIN", "0322F802", "62F80231465446573145353252" + "4B443030343137"},
		{"InfoTypes", "0322F800", "62F80055410000"},
		{"confirmed, emissions", "051942330" + "81E", "594233FFFF0422030100AF220171002C"},
		{"pending", "05194233041E", "594233FFFF0422030100AF220171002C2204550007"},
		{"permanent", "03195533", "595533FF04030100AF"},
		{"readiness group", "0419563302", "595633FF0402030100AF"},
		{"another group", "031955FE", "5955FEFF04030100AF"},
		{"unknown group", "03195512", "7F1931"},
		{"counters", "021914", "591404550040"},
		{"monitors", "0322F401", "62F4018207E505"},
		{"test", "0322F621", "62F6218020005800" + "0000C0"},
		{"clear the emission codes", "0414FFFF33", "54"},
		{"permanent stay", "03195533", "595533FF0403010050"},
		{"the other stays too", "0319020F", "5902FFC1210028"},
		{"freeze frames are gone", "061904030100FF", "590403010050"},
	})
	udsTalk(t, "sim:obdonuds?pace=0", "7E0", "7E8", []udsRow{{"engine runs", "0414FFFF33", "7F1422"}})
	b := openBus(t, "sim:obdonuds?pace=0")
	put(t, b, "7DF#020100", "7DF#0103")
	if got := heard(t, b, time.Second); got != nil {
		t.Errorf("functional services of SAE J1979: %q", got)
	}
}

// TestWWHOBD: classes A, B1, B2 and C as bits of the severity.
func TestWWHOBD(t *testing.T) {
	udsTalk(t, "sim:wwh-truck?pace=0", "18DA00F1", "18DAF100", []udsRow{
		{"protocol", "0322F810", "62F81001"},
		{"confirmed", "05194233081E", "594233FFFF0482" + "20EE00AF24" + "2452132C28" + "0401000C30" + "00721C08"},
		{"class A", "05194233" + "FF02", "594233FFFF04" + "8220EE00AF"},
		{"class B1", "05194233" + "FF04", "594233FFFF04" + "242452132C" + "2422021405"},
	})
}

// TestGatewayShutsOut who asks faster than it passes on.
func TestGatewayShutsOut(t *testing.T) {
	b := openBus(t, "sim:modern?pace=0")
	answered := 0
	for range 40 {
		put(t, b, "713#0322F197")
		answered += len(heard(t, b, 20*time.Millisecond))
	}
	if answered < 20 || answered > 30 {
		t.Errorf("%d answers to 40 requests in 0.8 s", answered)
	}
	put(t, b, "7E0#020100")
	if got := heard(t, b, 50*time.Millisecond); len(got) != 1 {
		t.Errorf("the engine is not behind the gateway: %q", got)
	}
	heard(t, b, 4*time.Second)
	put(t, b, "713#0322F189")
	if got := heard(t, b, 50*time.Millisecond); len(got) != 1 {
		t.Errorf("after the lockout: %q", got)
	}
}

// TestLongRequest: the cluster takes long requests in blocks of four frames, 5 ms apart, after one WAIT.
func TestLongRequest(t *testing.T) {
	b := openBus(t, "sim:modern?pace=0")
	for _, s := range []step{
		{frames("714#101122F187F189F1"), frames("77E#310405AAAAAAAAAA 77E#300405AAAAAAAAAA")},
		{frames("714#2197F190F18CF188"), nil},
		{frames("714#22F191F1F0000000"), frames("77E#102762F187354731")},
	} {
		put(t, b, s.send...)
		if diff := cmp.Diff(s.want, heard(t, b, 200*time.Millisecond)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", s.send, diff)
		}
	}
	put(t, b, "714#100A22F187F189F1", "714#2297F190") // a wrong number ends the transfer
	for _, f := range heard(t, b, 200*time.Millisecond) {
		if f[4] != '3' {
			t.Errorf("answer after a wrong sequence number: %s", f)
		}
	}
}
