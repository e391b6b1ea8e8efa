using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// Strings that do harm where somebody pastes them into SQL, a pattern, a header, a page, a path or a spreadsheet, through every parameter of every operation of the description. Each string
/// comes to each parameter once in requests whose other texts are harmful too, and some come alone, so that nothing in front refuses the request before they arrive. The
/// thousands of requests have a host of their own, beside the talkative one of the other security tests.
/// </summary>
public sealed class InjectionTests(HostFixture host) : IClassFixture<HostFixture>
{
    private const int Alone = 6;

    // Far above what a request needs on a busy machine, and far below what a pattern that runs away would take.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string[] Strings =
    [
        "' or '1'='1", "'; drop table catalog.product_search; --", "\" or 1=1 --", "1); sElect pg_sleep(600); --", "\\'; sElect 1; --", "$$; sElect pg_sleep(600); $$", "' || pg_sleep(600) || '",
        "$.** ? (@ like_regex \"(a+)+$\")", "') or jsonb_path_exists(data, '$", "%", "%%%%%%%%%%%%%%%%%%%%%%%%a", "_", "*", "a:* & !b | (c <-> d)", "\\", "\\\\x00",
        "a\r\nX-Injected: 1", "a\nSet-Cookie: injected=1", "%0d%0aX-Injected:%201", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "</title><svg onload=alert(1)>",
        "{{7*7}}", "${7*7}", "#{7*7}", "{0}{1}{999999}", "%s%n%x%d", "$(id)", "`id`", "| id", "../../../../etc/passwd", "..\\..\\windows\\win.ini", "file:///etc/passwd", "/dev/zero",
        "a\0b", "\u202Egpj.exe", "\u200B\uFEFF", "İıſK", "Z͑ͫ̓ͪ̂ͫ", "😀😀", "﷽", "=cmd|' /C calc'!A0", "@SUM(1+1)", "NaN", "1e309", "-9223372036854775809", "__proto__", "true", "[]", "{\"$ref\":\"#\"}",
        "((((((((((((((((((((((((((((((a", new string('a', 40) + "!", new string('x', 5_000),
    ];

    // It turns the direction of what follows, and is Unicode: whoever takes any text takes it.
    private const string Turning = @"\u202e";

    // Halves of characters, which no serializer of ours would send.
    private static readonly string[] Raw = [@"\ud800", @"\udc00\ud800", @"a\u0000", "\u00ff", Turning];

    [Fact]
    public async Task Harmful_strings_do_nothing_anywhere()
    {
        using var staff = await SacrificialAsync();
        var values = await ValuesAsync();
        var operations = SampledOperation.AllOf((await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json);
        var requests = operations.SelectMany(operation => RequestsTo(operation, values)).ToList();
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        Assert.True(requests.Count > 2_000, $"Only {requests.Count} requests.");

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (request, cancellationToken) =>
        {
            try
            {
                using var content = request.Content?.Invoke();
                var answer = await staff.SendAsync(new HttpMethod(request.Operation.Method), request.Path, content, request.Headers).WaitAsync(Deadline, cancellationToken);
                Check(request, answer);
            }
            catch (Exception exception)
            {
                faults.Add($"{request.Operation.Name} with {request.What}: {exception.Message}");
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} of {requests.Count}:\n" + string.Join("\n\n", faults.Take(15)));
        (await host.Api.GetAsync("/health/ready")).Expect(200);
        (await host.Api.GetAsync("/api/catalog/products")).Expect(200);
    }

    [Fact]
    public async Task Text_that_is_no_Unicode_is_refused_in_every_body()
    {
        using var staff = await SacrificialAsync();
        foreach (var operation in SampledOperation.AllOf((await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json).Where(static operation => operation.Body is not null))
        {
            foreach (var raw in Raw)
            {
                var places = 0;
                var body = operation.WholeBody((_, schema) => SampledOperation.IsFreeText(schema) && ++places > 0 ? "@@" : null).ToJsonString();
                // Latin-1 keeps U+00FF as one byte, which UTF-8 never has.
                var bytes = Encoding.Latin1.GetBytes(body.Replace("@@", raw, StringComparison.Ordinal));
                var answer = await staff.SendAsync(new HttpMethod(operation.Method), operation.PathWith(_ => Guid.CreateVersion7().ToString()), Api.Bytes(bytes, "application/json"), ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"v1\""));

                // What is sent in bulk is refused one by one.
                var isBulk = answer.Code == 200 && answer.Json["items"] is not null && (int?)answer.Json["done"] == 0;
                var isTaken = raw == Turning && answer.Code < 400;
                Assert.True(places == 0 || isBulk || isTaken || answer.Code is >= 400 and < 500, $"{raw}: {answer}");
                if (places > 0 && !isBulk && !isTaken)
                {
                    answer.ExpectProblem();
                }
            }
        }
    }

    [Fact]
    public async Task A_formula_in_a_product_is_text_that_the_export_says_it_does_not_change()
    {
        // Neutralising it would change what comes back in with the next import. The description of the export warns whoever opens the file.
        var sku = Shop.NewSku();
        (await host.Api.PostAsync("/api/catalog/products", new { title = "=cmd|' /C calc'!A0", variants = new[] { new { sku, price = new { amount = 1, currency = "EUR" } } } })).Expect(201);

        var file = await host.Api.GetAsync("/api/catalog/exports/products.csv");

        Assert.Contains(",=cmd|' /C calc'!A0,", file.Expect(200).Body, StringComparison.Ordinal);
        Assert.Contains("attachment", file.Header("Content-Disposition"), StringComparison.Ordinal);
        var export = (await host.Api.GetAsync("/openapi/v1.json")).Json["paths"]!["/api/catalog/exports/products.csv"]!["get"]!;
        Assert.Contains("formula", (string)export["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_a_client_is_text_on_the_sign_in_page()
    {
        var client = (await host.Api.PostAsync("/api/identity/clients", new { name = "\"><script>alert(1)</script>{{7*7}}", isConfidential = false, grants = new[] { "authorization_code" }, redirectUris = new[] { "https://client.example/callback" }, scopes = new[] { "openid" } })).Expect(201).Json["client"]!["id"];
        var query = $"response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Fclient.example%2Fcallback&scope=openid&code_challenge={new string('c', 43)}&code_challenge_method=S256&state=%22%3E%3Cscript%3Ealert(2)%3C%2Fscript%3E";
        using var anonymous = host.Callers.Anonymous();

        var page = (await anonymous.GetAsync("/api/identity/oauth/authorize?" + query)).Expect(200);

        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("49", page.Body[page.Body.IndexOf("<body>", StringComparison.Ordinal)..page.Body.IndexOf("<form", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    // Failed confirmations lock whoever sends them.
    private async Task<Api> SacrificialAsync()
    {
        var (id, email) = await host.Callers.RegisterAsync();
        (await host.Api.PutAsync($"/api/identity/accounts/{id}/roles/admin", null)).Expect(200);
        return host.Callers.Of(email, notesSecrets: false);
    }

    // What is there, so that the other parameters of a request get as far as they can.
    private async Task<Dictionary<string, string>> ValuesAsync()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var product = (await host.Api.GetAsync("/api/catalog/products?q=" + sku)).Expect(200).Json["items"]![0]!["id"]!.ToString();
        return new Dictionary<string, string> { ["/api/catalog/products/{id}"] = product, ["basketId"] = await host.Shop.BasketAsync(sku), ["sku"] = sku, ["name"] = "clerk", ["role"] = "clerk", ["module"] = "ordering", ["position"] = "1", ["limit"] = "5", ["sort"] = "title" };
    }

    private static IEnumerable<Attack> RequestsTo(SampledOperation operation, Dictionary<string, string> values)
    {
        var places = new List<string>();
        if (operation.Body is not null)
        {
            operation.WholeBody((pointer, schema) =>
            {
                places.Add(pointer);
                return null;
            });
        }

        places.AddRange(operation.Parameters.Select(static parameter => $"{parameter.In}:{parameter.Name}"));
        if (places.Count == 0)
        {
            yield break;
        }

        for (var round = 0; round < Strings.Length; round++)
        {
            var turn = round;
            yield return Attack.On(operation, values, $"string {turn} and the following everywhere", (place, free) => free ? Strings[(turn + places.IndexOf(place)) % Strings.Length] : null);
        }

        foreach (var (number, only) in places.Index())
        {
            for (var round = 0; round < Alone; round++)
            {
                var text = Strings[((number * Alone) + round) % Strings.Length];
                yield return Attack.On(operation, values, $"'{text[..Math.Min(60, text.Length)]}' in {only} alone", (place, _) => place == only ? text : null);
            }
        }
    }

    private static void Check(Attack request, Answer answer)
    {
        Assert.True(answer.Code < 500, answer.ToString());
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"), ignoreCase: true);
        Assert.Empty(answer.Header("X-Injected"));
        Assert.DoesNotContain("injected", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.DoesNotContain("root:x:", answer.Body, StringComparison.Ordinal);
        Assert.True(answer.Body.Length < 1 << 20, answer.ToString());
        var type = answer.Header("Content-Type");
        if (type.StartsWith("text/html", StringComparison.Ordinal))
        {
            Assert.Contains("/oauth/", request.Operation.Template, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", answer.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<svg", answer.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", answer.Body, StringComparison.OrdinalIgnoreCase);
        }
        else if (answer.Code >= 400 && !request.Operation.HasOwnForm(answer))
        {
            answer.ExpectProblem();
        }
        else
        {
            Assert.True(answer.Body.Length == 0 || type.StartsWith("application/json", StringComparison.Ordinal) || type.StartsWith("text/csv", StringComparison.Ordinal), answer.ToString());
        }
    }

    private sealed record Attack(SampledOperation Operation, string What, string Path, (string, string)[] Headers, Func<HttpContent>? Content)
    {
        /// <summary>A request with harm where it is wanted, and values that fit everywhere else.</summary>
        /// <param name="operation">The operation.</param>
        /// <param name="values">What fits.</param>
        /// <param name="what">For the message.</param>
        /// <param name="harm">The harmful string for a place, given whether a text of any kind may stand there; null for none.</param>
        public static Attack On(SampledOperation operation, Dictionary<string, string> values, string what, Func<string, bool, string?> harm)
        {
            string Value(string kind, string name, JsonNode? schema) => harm($"{kind}:{name}", SampledOperation.IsFreeText(schema)) ?? Fitting(operation, values, name, schema);
            var schemas = operation.Parameters.DistinctBy(static parameter => (parameter.In, parameter.Name)).ToDictionary(static parameter => (parameter.In, parameter.Name), static parameter => parameter.Schema);
            // The server itself refuses a NUL, and dots are resolved, before the application sees the path.
            var path = operation.PathWith(name => Value("path", name, schemas.GetValueOrDefault(("path", name))).Replace("\0", "0", StringComparison.Ordinal) is { Length: > 0 } text && text.Trim('.').Length > 0 ? text : "x");
            var query = operation.Parameters.Where(static parameter => parameter.In == "query")
                .Where(parameter => harm("query:" + parameter.Name, SampledOperation.IsFreeText(parameter.Schema)) is not null)
                .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Value("query", parameter.Name, parameter.Schema))}");
            // A client cannot send line breaks and other letters than ASCII's in headers; servers refuse them.
            var headers = operation.Parameters.Where(static parameter => parameter.In == "header")
                .Select(parameter => (parameter.Name, new string([.. Value("header", parameter.Name, parameter.Schema).Where(static letter => letter is >= ' ' and <= '~')])));
            return new Attack(operation, what, path + string.Concat(query.Select((pair, number) => (number == 0 ? '?' : '&') + pair)), [.. headers], ContentOf(operation, harm));
        }

        private static Func<HttpContent>? ContentOf(SampledOperation operation, Func<string, bool, string?> harm)
        {
            if (operation.Body is not null)
            {
                var json = operation.WholeBody((pointer, schema) => harm(pointer, SampledOperation.IsFreeText(schema)) is { } text ? JsonValue.Create(text) : null).ToJsonString();
                return () => Api.Bytes(Encoding.UTF8.GetBytes(json), "application/json");
            }

            var form = operation.Parameters.Where(static parameter => parameter.In == "form").Select(parameter => KeyValuePair.Create(parameter.Name, harm("form:" + parameter.Name, true) ?? (parameter.Name == "grant_type" ? "refresh_token" : "text"))).ToList();
            return form.Count > 0 ? () => new FormUrlEncodedContent(form) : operation.MediaTypes.Contains("text/csv") ? () => Api.Bytes("Handle,Title\n"u8.ToArray(), "text/csv") : null;
        }

        private static string Fitting(SampledOperation operation, Dictionary<string, string> values, string name, JsonNode? schema) =>
            values.FirstOrDefault(value => operation.Template.StartsWith(value.Key, StringComparison.Ordinal) && name == "id").Value
            ?? (name == "If-Match" ? "\"v1\"" : name == "Idempotency-Key" ? Guid.NewGuid().ToString() : values.GetValueOrDefault(name) ?? (SampledOperation.IsFreeText(schema) ? "text" : Guid.CreateVersion7().ToString()));
    }
}
