// The peer for warm figures: oidc-provider as its documentation configures it, with ES256 and one DynamoDB read of
// the client per token. Prints its port.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const dynamodb = new DynamoDBClient({});

class Adapter {
  constructor(model) {
    this.model = model;
  }

  async find(id) {
    if (this.model !== "Client") return undefined;
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "clients", Key: { id: { S: id } }, ConsistentRead: true }));
    return Item && {
      client_id: Item.id.S,
      client_secret: Item.client_secret.S,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: "ES256",
      scope: "orders:read orders:write",
    };
  }

  // Access tokens that are JWTs are not stored.
  async upsert() {}
}

const { privateKey } = await generateKeyPair("ES256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), use: "sig", alg: "ES256", kid: "1" };
const server = { scope: "orders:read orders:write", accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } };
const provider = new Provider("http://127.0.0.1", {
  adapter: Adapter,
  routes: { token: "/oauth/token" },
  jwks: { keys: [key] },
  scopes: ["orders:read", "orders:write"],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: { enabled: true, getResourceServerInfo: () => server },
  },
});
const listener = provider.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: listener.address().port })));
