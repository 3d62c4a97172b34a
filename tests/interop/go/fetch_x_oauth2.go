// golang.org/x/oauth2 gets a client_credentials token with its defaults, as Debian packages it.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET. Out: the token, as the library returns it.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	config := clientcredentials.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		TokenURL:     os.Getenv("ISSUER") + "/oauth/token",
	}
	token, err := config.Token(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(token); err != nil {
		log.Fatal(err)
	}
}
