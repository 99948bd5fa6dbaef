// Package table keeps assets in a DynamoDB table.
package table

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Options say where the table is.
type Options struct {
	Name   string
	Region string
	// Endpoint is empty for AWS itself.
	Endpoint string
}

// Assets is a table of assets. It may be used by many goroutines at once.
type Assets struct {
	client *dynamodb.Client
	name   string
}

// Open gives the table without asking for it; credentials come from the usual variables.
func Open(options Options) *Assets {
	settings := dynamodb.Options{
		Region:      options.Region,
		Credentials: aws.CredentialsProviderFunc(fromEnvironment),
	}
	if options.Endpoint != "" {
		settings.BaseEndpoint = aws.String(options.Endpoint)
	}
	return &Assets{client: dynamodb.New(settings), name: options.Name}
}

func fromEnvironment(context.Context) (aws.Credentials, error) {
	id, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return aws.Credentials{}, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
	}
	return aws.Credentials{
		AccessKeyID:     id,
		SecretAccessKey: secret,
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}, nil
}

// createWait is how long a new table may take until it can be used.
const createWait = time.Minute

// Create makes the table and waits until it can be used. A table that is there already is left as it is.
func (a *Assets) Create(ctx context.Context) error {
	_, err := a.client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:   aws.String(a.name),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(keyAttribute), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(keyAttribute), KeyType: types.KeyTypeHash},
		},
	})
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create table %s: %w", a.name, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(a.client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay = 50 * time.Millisecond
	})
	if err := waiter.Wait(ctx, a.describe(), createWait); err != nil {
		return fmt.Errorf("wait for table %s: %w", a.name, err)
	}
	return nil
}

// Delete removes the table with everything in it.
func (a *Assets) Delete(ctx context.Context) error {
	_, err := a.client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String(a.name)})
	if err != nil {
		return fmt.Errorf("delete table %s: %w", a.name, err)
	}
	return nil
}

func (a *Assets) describe() *dynamodb.DescribeTableInput {
	return &dynamodb.DescribeTableInput{TableName: aws.String(a.name)}
}
