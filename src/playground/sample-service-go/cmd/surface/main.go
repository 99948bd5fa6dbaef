// Command surface knows what a company shows to the internet, and serves it over HTTP.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/surface/internal/api"
	"example.com/surface/internal/capabilities"
	"example.com/surface/internal/table"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "surface:", err)
		os.Exit(1)
	}
}

// serve answers requests until ctx ends, then lets those in progress finish.
func serve(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("surface", flag.ContinueOnError)
	address := flags.String("address", "127.0.0.1:8080", "where to listen")
	name := flags.String("table", "assets", "the DynamoDB table of assets; it is made when it is missing")
	region := flags.String("region", "eu-central-1", "the table's region")
	endpoint := flags.String("endpoint", "", "another DynamoDB server than AWS's")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	kept := table.Open(table.Options{Name: *name, Region: *region, Endpoint: *endpoint})
	if err := kept.Create(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", *address, err)
	}
	handler := api.New(kept, capabilities.All(capabilities.Real()))
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Printf("listening on http://%s\n", listener.Addr())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}
