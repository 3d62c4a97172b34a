// The peer for cold starts: a small token endpoint of hono, jose and the DynamoDB client, bundled into one file. The
// loop at the end is a minimal Lambda runtime.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { generateKeyPair, SignJWT } from "jose";
import { randomUUID, timingSafeEqual } from "node:crypto";

const dynamodb = new DynamoDBClient({});
const { privateKey } = await generateKeyPair("ES256");
const app = new Hono();

app.post("/oauth/token", async (c) => {
  const pair = Buffer.from((c.req.header("authorization") ?? "").slice("Basic ".length), "base64").toString();
  const [id, secret] = pair.split(":");
  const form = await c.req.parseBody();
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "clients", Key: { id: { S: id } }, ConsistentRead: true }));
  const [stored, presented] = [Buffer.from(Item?.client_secret.S ?? ""), Buffer.from(secret ?? "")];
  if (stored.length !== presented.length || !timingSafeEqual(stored, presented)) return c.json({ error: "invalid_client" }, 401);
  const scope = "orders:read orders:write";
  const token = await new SignJWT({ client_id: id, scope })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "1" })
    .setIssuer("https://id.example.com")
    .setSubject(id)
    .setAudience(form.resource)
    .setIssuedAt()
    .setJti(randomUUID())
    .setExpirationTime("1h")
    .sign(privateKey);
  return c.json({ access_token: token, token_type: "Bearer", expires_in: 3600, scope });
});

const handler = handle(app);
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
for (;;) {
  const next = await fetch(`${runtime}/next`);
  const response = await handler(await next.json(), {});
  const id = next.headers.get("lambda-runtime-aws-request-id");
  await fetch(`${runtime}/${id}/response`, { method: "POST", body: JSON.stringify(response) });
}
