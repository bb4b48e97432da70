package main

import (
	"bufio"
	"net/url"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// serve SCENARIO [FLAG...] runs 'obdctl sim serve' until the script ends. SERVED is the address that it
// prints, SERVED_AT its host and port.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve SCENARIO [FLAG...]")
	}
	cmd := exec.Command("obdctl", append([]string{"sim", "serve"}, args...)...)
	cmd.Env = append(cmd.Environ(), "HOME="+ts.Getenv("HOME"))
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Kill() // it runs until it is told to end
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	address, err := url.Parse(strings.TrimSpace(line))
	ts.Check(err)
	ts.Setenv("SERVED", address.String())
	ts.Setenv("SERVED_AT", address.Host)
}
