using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 23 to 28 and 35: what changes answer.</summary>
internal static class ResultConventions
{
    // 74 bits of a version 7 UUID are random (RFC 9562, section 5.7), and 122 of version 4.
    private const string RandomUuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

    private const int MostLooks = 40;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(23, "201 with Location", true, CreatedAsync),
        new(24, "202 with a status resource for what takes long", true, AcceptedAsync),
        new(25, "Bulk operations answer for each item", true, BulkAsync),
        new(26, "Money is an amount in minor units and a currency", true, MoneyAsync),
        new(27, "Times are RFC 3339 in UTC", true, TimesAsync),
        new(28, "Ids cannot be counted through", true, IdsAsync),
        new(35, "Changes can be tried out with ?dryRun=true", true, DryRunAsync),
    ];

    private static async Task<string> CreatedAsync(Probe probe)
    {
        var (_, created) = await probe.Samples.ProductAsync();
        var location = created.Header("Location");
        created.Require(location.Length > 0, "The header Location");
        var found = (await probe.GetAsync(location)).Expect(200);
        found.Require(found.Text("id") == created.Text("id"), "What was created");
        return $"A product was created at {location}.";
    }

    private static async Task<string> AcceptedAsync(Probe probe)
    {
        probe.NeedCredentials();
        var accepted = await probe.SendAsync(HttpMethod.Post, probe.Operation("ImportProducts").Path, Probe.Content(probe.Samples.File(), "text/csv"), ("Prefer", "respond-async"));
        if (accepted.Status is 401 or 403)
        {
            throw new NotShownException("The credentials may not import products: the permission catalog:write is missing.");
        }

        accepted.Expect(202);
        var location = accepted.Header("Location");
        accepted.Require(location.Length > 0 && accepted.Header("Preference-Applied") == "respond-async", "Location and Preference-Applied: respond-async");
        var status = (await probe.GetAsync(location)).Expect(200);
        for (var look = 0; look < MostLooks && status.Text("status") == accepted.Text("status"); look++)
        {
            await probe.WaitAsync(LookAgain);
            status = (await probe.GetAsync(location)).Expect(200);
        }

        status.Require(status.Text("status") != accepted.Text("status"), $"Another status than '{accepted.Text("status")}' after {MostLooks * LookAgain.TotalSeconds:F0} s");
        return $"An import was accepted, and {location} said in the end that it is {status.Text("status")}.";
    }

    private static async Task<string> BulkAsync(Probe probe)
    {
        var sku = probe.Samples.NewSku();
        (await probe.Samples.ReceiveAsync(sku, 3, Guid.NewGuid().ToString())).Expect(200, 201);
        var items = new JsonArray([.. new[] { sku, probe.Samples.NewSku(), sku }.Select(static each => (JsonNode)new JsonObject
        {
            ["sku"] = each, ["location"] = "main", ["delta"] = -1, ["reason"] = "Made by the conformance checks.",
        })]);
        var answer = await probe.PostAsync(probe.Operation("AdjustManyStocks").Path, new JsonObject { ["items"] = items }.ToJsonString(), ("Idempotency-Key", Guid.NewGuid().ToString()));
        answer.Expect(200, 207);
        var isEach = answer.Items.Count == 3 && answer.Items[0]["problem"] is null && ((string?)answer.Items[1]["problem"]?["type"])?.Length > 0 && answer.Items[2]["problem"] is null;
        answer.Require(isEach, "An answer for each of three items, of which the second is refused,");
        var onHand = await probe.Samples.OnHandAsync(sku);
        return onHand == 1 ? "Of three adjustments the one that could not be was refused, and the others were booked." : throw new NotKeptException($"1 was expected to be on hand after two of three adjustments of 3; {onHand} are.");
    }

    private static async Task<string> MoneyAsync(Probe probe)
    {
        var (_, created) = await probe.Samples.ProductAsync();
        var price = created.Json["variants"]?[0]?["price"];
        var isMoney = price?["amount"]?.GetValueKind() == JsonValueKind.Number && price["amount"]!.ToJsonString() == "1999" && (string?)price["currency"] == "EUR";
        created.Require(isMoney, """The price {"amount":1999,"currency":"EUR"} that was sent""");
        foreach (var wrong in (string[])["19.99", "\"1999\"", """{"amount":19.99,"currency":"EUR"}""", """{"amount":1999,"currency":"euro"}"""])
        {
            var body = probe.Samples.Product("Wrong price").Replace("""{"amount":1999,"currency":"EUR"}""", wrong, StringComparison.Ordinal);
            (await probe.PostAsync(probe.Samples.ProductsPath, body)).ExpectProblem(400, 422);
        }

        return $"{price!.ToJsonString()} came back as it was sent, and other forms were refused.";
    }

    private static async Task<string> TimesAsync(Probe probe)
    {
        var (_, created) = await probe.Samples.ProductAsync();
        var time = created.Text("createdAt");
        var isTime = Regex.IsMatch(time, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$") && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out _);
        created.Require(isTime, "createdAt in UTC");
        return $"A product was made at {time}.";
    }

    private static async Task<string> IdsAsync(Probe probe)
    {
        var (_, first) = await probe.Samples.ProductAsync();
        var (_, second) = await probe.Samples.ProductAsync();
        foreach (var reply in (Reply[])[first, second])
        {
            reply.Require(Regex.IsMatch(reply.Text("id"), RandomUuid), "A random UUID as id");
        }

        second.Require(first.Text("id")[^12..] != second.Text("id")[^12..], "Another random part");
        return $"Two products in a row are {first.Text("id")} and {second.Text("id")}.";
    }

    private static async Task<string> DryRunAsync(Probe probe)
    {
        probe.NeedCredentials();
        var tried = (await probe.PostAsync(probe.Samples.ProductsPath + "?dryRun=true", probe.Samples.Product("Tried out"))).Expect(200);
        tried.Require(tried.Header("Dry-Run") == "true" && tried.Header("Location").Length == 0, "Dry-Run: true and no Location");
        (await probe.GetAsync($"{probe.Samples.ProductsPath}/{tried.Text("id")}")).ExpectProblem(404);
        (await probe.PostAsync(probe.Samples.ProductsPath + "?dryRun=perhaps", probe.Samples.Product("Tried out"))).ExpectProblem(400);
        return "A product was tried out, and does not exist.";
    }
}
