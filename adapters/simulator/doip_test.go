package simulator_test

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
)

// serveDoIP starts an entity on loopback and returns where it listens.
func serveDoIP(t *testing.T, address string) (tcp, udp string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- simulator.ServeDoIP(ctx, address, l, p) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return l.Addr().String(), p.LocalAddr().String()
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// doipTalk sends a message and reads as many bytes as are wanted; "" wants silence, "EOF" the end.
func doipTalk(t *testing.T, c net.Conn, send, want string) {
	t.Helper()
	if _, err := c.Write(unhex(t, send)); err != nil {
		t.Fatalf("%s: %v", send, err)
	}
	doipWant(t, c, send, want)
}

func doipWant(t *testing.T, c net.Conn, send, want string) {
	t.Helper()
	ends := strings.HasSuffix(want, "EOF")
	wanted := unhex(t, strings.TrimSuffix(want, "EOF"))
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if want == "" { // nothing comes
		_ = c.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
		if n, err := c.Read(make([]byte, 1)); n > 0 || errors.Is(err, io.EOF) {
			t.Errorf("%s: answered, %v", send, err)
		}
		return
	}
	got := make([]byte, len(wanted))
	if n, err := io.ReadFull(c, got); err != nil || string(got) != string(wanted) {
		t.Errorf("%s:\ngot  % X (%v)\nwant % X", send, got[:n], err, wanted)
	}
	if ends {
		if n, err := c.Read(make([]byte, 64)); n > 0 || err == nil {
			t.Errorf("%s: the socket was not closed: %d bytes, %v", send, n, err)
		}
	}
}

// activate is a routing activation request of tester 0E80, and activated its answer.
const (
	activate  = "02FD 0005 00000007 0E80 00 00000000"
	activated = "02FD 0006 00000009 0E80 1000 10 00000000"
)

func TestDoIPDialogue(t *testing.T) {
	tcp, _ := serveDoIP(t, "sim:four-ecu?pace=0&at=engine-off")
	c := dial(t, tcp)
	doipTalk(t, c, activate, activated)
	doipTalk(t, c, activate, activated) // once more changes nothing
	// service 03 to one: acknowledged, then answered
	doipTalk(t, c, "02FD 8001 00000005 0E80 1001 03", "02FD 8002 00000005 1001 0E80 00  02FD 8001 0000000A 1001 0E80 4302 0299 0597")
	doipTalk(t, c, "02FD 8001 00000005 0E80 1004 03", "02FD 8002 00000005 1004 0E80 00  02FD 8001 00000008 1004 0E80 4301 0627")
	// service 09 02 to all: only the engine has a VIN
	doipTalk(t, c, "02FD 8001 00000006 0E80 E400 0902", "02FD 8002 00000005 E400 0E80 00  02FD 8001 00000018 1001 0E80 490201 "+hex.EncodeToString([]byte("3VWD17AJ6HM200417")))
	doipTalk(t, c, "03FC 8001 00000005 0E80 1001 0A", "03FC 8002 00000005 1001 0E80 00  03FC 8001 00000008 1001 0E80 4A01 0299")
	doipTalk(t, c, "02FD 8001 00000005 0E80 7777 03", "02FD 8003 00000005 7777 0E80 03")                  // unknown target
	doipTalk(t, c, "02FD 9999 00000002 0000", "02FD 0000 00000001 01")                                    // unknown type
	doipTalk(t, c, "02FD 8001 00002000"+strings.Repeat("00", 0x2000), "02FD 0000 00000001 02")            // too large
	doipTalk(t, c, "02FD 0001 00000000", "02FD 0000 00000001 01")                                         // only on UDP
	doipTalk(t, c, "02FD 0005 00000007 0E81 00 00000000", "02FD 0006 00000009 0E81 1000 02 00000000 EOF") // another source
}

func TestDoIPRefusals(t *testing.T) {
	for _, c := range []struct{ name, address, send, want string }{
		{"unknown source", "sim:", "02FD 0005 00000007 1234 00 00000000", "02FD 0006 00000009 1234 1000 00 00000000 EOF"},
		{"unknown activation type", "sim:", "02FD 0005 00000007 0E80 E0 00000000", "02FD 0006 00000009 0E80 1000 06 00000000 EOF"},
		{"wants TLS", "sim:?tls=required", activate, "02FD 0006 00000009 0E80 1000 07 00000000 EOF"},
		{"not activated", "sim:", "02FD 8001 00000005 0E80 1001 03", "02FD 8003 00000005 1001 0E80 02 EOF"},
		{"bad pattern", "sim:", "0202 0005 00000007 0E80 00 00000000", "02FD 0000 00000001 00 EOF"},
		{"bad length", "sim:", "02FD 0005 00000003 0E8000", "02FD 0000 00000001 04 EOF"},
		{"odd length", "sim:", "02FD 0005 00000009 0E80 00 00000000 0000", "02FD 0000 00000001 04 EOF"},
		{"gigantic", "sim:", "02FD 8001 FFFFFFFF", "02FD 0000 00000001 02 EOF"},
		{"with maker's bytes", "sim:", "03FC 0005 0000000B 0E80 00 00000000 11223344", "03FC 0006 00000009 0E80 1000 10 00000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tcp, _ := serveDoIP(t, c.address)
			doipTalk(t, dial(t, tcp), c.send, c.want)
		})
	}
}

func TestDoIPConfirmation(t *testing.T) {
	tcp, _ := serveDoIP(t, "sim:?pace=0&confirm=1")
	c := dial(t, tcp)
	doipTalk(t, c, activate, "02FD 0006 00000009 0E80 1000 11 00000000")
	doipTalk(t, c, activate, activated)
}

// TestDoIPAliveCheck: a source address that is active elsewhere is asked for first.
func TestDoIPAliveCheck(t *testing.T) {
	tcp, _ := serveDoIP(t, "sim:?pace=0")
	first, second, third := dial(t, tcp), dial(t, tcp), dial(t, tcp)
	doipTalk(t, first, activate, activated)
	if _, err := second.Write(unhex(t, activate)); err != nil {
		t.Fatal(err)
	}
	doipWant(t, first, "alive check", "02FD 0007 00000000")
	doipTalk(t, first, "02FD 0008 00000002 0E80", "")
	doipWant(t, second, activate, "02FD 0006 00000009 0E80 1000 03 00000000 EOF")
	// the third comes when the first no longer answers: it takes over
	doipTalk(t, third, activate, activated)
	doipWant(t, first, "alive check", "02FD 0007 00000000 EOF")
}

func TestDoIPSocketsAreBounded(t *testing.T) {
	tcp, udp := serveDoIP(t, "sim:?pace=0")
	var all []net.Conn
	for i := range 4 {
		c := dial(t, tcp)
		source := []string{"0E80", "0E81", "0E82", "0E83"}[i]
		doipTalk(t, c, "02FD 0005 00000007 "+source+" 00 00000000", "02FD 0006 00000009 "+source+" 1000 10 00000000")
		all = append(all, c)
	}
	p := dialUDP(t, udp)
	doipTalk(t, p, "02FD 4001 00000000", "02FD 4002 00000007 00 04 04 00000FFF")
	fifth := dial(t, tcp)
	if _, err := fifth.Write(unhex(t, "02FD 0005 00000007 0E84 00 00000000")); err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		doipWant(t, c, "alive check", "02FD 0007 00000000")
		if _, err := c.Write(unhex(t, "02FD 0008 00000002 0E8"+string(rune('0'+i)))); err != nil {
			t.Fatal(err)
		}
	}
	doipWant(t, fifth, "activation", "02FD 0006 00000009 0E84 1000 01 00000000 EOF")
}

func dialUDP(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestDoIPDatagrams(t *testing.T) {
	_, udp := serveDoIP(t, "sim:four-ecu?pace=0")
	vin := hex.EncodeToString([]byte("3VWD17AJ6HM200417"))
	me := "0004 00000021 " + vin + " 1000 02005E100001 000000000000 00 00"
	for _, s := range [][2]string{
		{"02FD 0001 00000000", "02FD" + me}, {"FF00 0001 00000000", "02FD" + me}, {"03FC 0001 00000000", "03FC" + me},
		{"02FD 0002 00000006 02005E100001", "02FD" + me}, {"02FD 0003 00000011" + vin, "02FD" + me},
		{"02FD 0002 00000006 02005E100002", ""}, {"02FD 0003 00000011" + strings.Repeat("30", 17), ""}, {"02FD00", ""},
		{"02FD 4003 00000000", "02FD 4004 00000001 01"}, {"02FD 4001 00000000", "02FD 4002 00000007 00 04 00 00000FFF"},
		{"02FC 0001 00000000", "02FD 0000 00000001 00"}, {"02FD 0042 00000000", "02FD 0000 00000001 01"},
		{"02FD 0002 00000005 0102030405", "02FD 0000 00000001 04"}, {"02FD 0001 00000000 00", "02FD 0000 00000001 04"},
		{"02FD 0005 00000007 0E800000000000", "02FD 0000 00000001 01"},
	} {
		c := dialUDP(t, udp)
		_, err := c.Write(unhex(t, s[0]))
		if err != nil {
			t.Fatal(err)
		}
		wait := 5 * time.Second
		if s[1] == "" {
			wait = 20 * time.Millisecond
		}
		_ = c.SetReadDeadline(time.Now().Add(wait))
		b := make([]byte, 100)
		n, _ := c.Read(b)
		if want := unhex(t, s[1]); string(b[:n]) != string(want) {
			t.Errorf("%s:\ngot  % X\nwant % X", s[0], b[:n], want)
		}
	}
}

func TestDoIPAnnounces(t *testing.T) {
	ear, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ear.Close()
	serveDoIP(t, "sim:four-ecu?pace=0&announce="+ear.LocalAddr().String())
	_ = ear.SetReadDeadline(time.Now().Add(5 * time.Second))
	for range 3 {
		b := make([]byte, 100)
		n, _, err := ear.ReadFrom(b)
		if err != nil || n != 41 || b[3] != 0x04 {
			t.Fatalf("% X, %v", b[:n], err)
		}
	}
}

func TestDoIPOverTLS(t *testing.T) {
	tcp, _ := serveDoIP(t, "sim:?pace=0&tls=on")
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		c, err := tls.Dial("tcp", tcp, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
		if err != nil {
			t.Fatal(err)
		}
		source := "0E" + string("89"[version-tls.VersionTLS12]) + "0"
		doipTalk(t, c, "03FC 0005 00000007 "+source+" 00 00000000", "03FC 0006 00000009 "+source+" 1000 10 00000000")
		c.Close()
	}
}

// TestDoIPWaitsLikeACar: a slow ECU says that it needs time, as often as on CAN.
func TestDoIPWaitsLikeACar(t *testing.T) {
	tcp, _ := serveDoIP(t, "sim:slow-ecu?pace=0&at=engine-off")
	c := dial(t, tcp)
	doipTalk(t, c, activate, activated)
	pending := "02FD 8001 00000007 1001 0E80 7F0378"
	doipTalk(t, c, "02FD 8001 00000005 0E80 1001 03", "02FD 8002 00000005 1001 0E80 00"+strings.Repeat(pending, 4)+"02FD 8001 00000008 1001 0E80 43012646")
}

// TestDoIPIdleSockets: one that does not activate its routing, or says nothing afterwards, is closed.
func TestDoIPIdleSockets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "car.yaml")
	text := "title: x\nprotocol: can11-500\nvehicle: {engine: petrol}\ndoip: {address: 1000, initial: 400ms, idle: 200ms}\n" +
		"ecus:\n  - {name: e, address: 7E8, current: 0C 0D}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tcp, _ := serveDoIP(t, "sim:"+file+"?pace=0")
	doipWant(t, dial(t, tcp), "nothing", "EOF")
	c := dial(t, tcp)
	doipTalk(t, c, activate, activated+"EOF")
}

func TestDoIPNeedsECUs(t *testing.T) {
	for _, name := range []string{"kwp", "truck"} {
		if err := simulator.ServeDoIP(t.Context(), "sim:"+name, nil, nil); errs.KindOf(err) != errs.Unsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
}
