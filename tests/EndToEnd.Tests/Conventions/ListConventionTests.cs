using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 18 to 22 and 42: lists.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class ListConventionTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_18_a_cursor_that_was_changed_or_belongs_to_another_list_is_refused()
    {
        var vendor = await ProductsAsync(3);
        var list = $"/api/catalog/products?vendor={vendor}&sort=title&limit=1";
        var cursor = (await host.Api.GetAsync(list)).Expect(200)["next"];
        (await host.Api.GetAsync(list + "&cursor=" + cursor)).Expect(200);

        var changed = Enumerable.Range(0, cursor.Length).Select(at => cursor[..at] + (cursor[at] == 'A' ? 'B' : 'A') + cursor[(at + 1)..]);
        string[] forged =
        [
            .. changed, cursor + "A", cursor[..^1], "A", "AAAA", new string('A', 5_000), "%F0%9F%92%A5",
            // What an unsealed cursor would look like.
            Convert.ToBase64String("""{"Sort":"title","Id":"0199c000-0000-7000-8000-000000000000","Title":"a"}"""u8).TrimEnd('='),
        ];
        foreach (var wrong in forged)
        {
            (await host.Api.GetAsync(list + "&cursor=" + Uri.EscapeDataString(wrong))).ExpectProblem(400);
        }

        (await host.Api.GetAsync($"/api/catalog/products?vendor=other&sort=title&limit=1&cursor={cursor}")).ExpectProblem(400, "malformed-request");
        (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=price&limit=1&cursor={cursor}")).ExpectProblem(400);
        (await host.Api.GetAsync($"/api/inventory/stock?cursor={cursor}")).ExpectProblem(400, "malformed-request");
        (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2&cursor={cursor}")).Expect(200);
    }

    [Fact]
    public async Task Convention_19_a_list_that_is_written_to_has_neither_duplicates_nor_gaps()
    {
        var vendor = await ProductsAsync(30);
        var seen = new List<string>();
        string? cursor = null;
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            var answer = (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=7" + (cursor is null ? string.Empty : "&cursor=" + cursor))).Expect(200);
            seen.AddRange(answer.Json["items"]!.AsArray().Select(item => (string)item!["title"]!));
            cursor = (string?)answer.Json["next"];
            // One before and one behind what has been read.
            await ImportAsync(vendor, [$"AAA {page}", $"ZZZ {page}"]);
        }

        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
        Assert.Equal(30, seen.Count(title => title.StartsWith("Item ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0", 400)]
    [InlineData("-1", 400)]
    [InlineData("101", 400)]
    [InlineData("", 400)]
    [InlineData("2147483648", 400)]
    [InlineData("100", 200)]
    [InlineData("1", 200)]
    public async Task Convention_20_a_page_has_its_limits(string limit, int status)
    {
        foreach (var list in new[] { "/api/catalog/products", "/api/ordering/orders", "/api/inventory/stock" })
        {
            var answer = await host.Api.GetAsync($"{list}?limit={limit}");
            Assert.True(answer.Code == status, answer.ToString());
        }
    }

    [Fact]
    public async Task Convention_21_the_next_page_is_in_the_body_and_in_the_link()
    {
        var vendor = await ProductsAsync(3);
        var first = (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2")).Expect(200);

        var link = first.Header("Link");
        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        var next = (await host.Api.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)])).Expect(200);
        Assert.Equal(next.Body, (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2&cursor={first["next"]}")).Expect(200).Body);
        Assert.Null(next.Json["next"]);
        Assert.Empty(next.Header("Link"));
    }

    [Fact]
    public async Task Convention_22_no_operation_takes_a_query_parameter_that_it_does_not_have()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        // These two must ignore what they do not know (RFC 6749, section 3.1), and the well-known documents are files.
        string[] lenient = ["Authorize", "SignInAtPage"];
        foreach (var (name, operation) in DescriptionTests.Operations(document).Where(operation => operation.Name.Contains(" /api/", StringComparison.Ordinal) && !lenient.Contains((string)operation.Operation["operationId"]!)))
        {
            var (method, template) = (name[..name.IndexOf(' ', StringComparison.Ordinal)], name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var path = System.Text.RegularExpressions.Regex.Replace(template, @"\{[^}]*\}", "0199c000-0000-7000-8000-000000000000");
            var answer = await host.Api.SendAsync(new HttpMethod(method), path + "?colour=red", null);

            if (answer.Code is 404 && template.Contains('{', StringComparison.Ordinal))
            {
                // The path takes no such id: position is a number.
                answer = await host.Api.SendAsync(new HttpMethod(method), template.Replace("{position}", "1", StringComparison.Ordinal).Replace("{", string.Empty, StringComparison.Ordinal).Replace("}", string.Empty, StringComparison.Ordinal) + "?colour=red", null);
            }

            answer.ExpectProblem(400, "malformed-request");
            Assert.Contains("colour", answer["detail"], StringComparison.Ordinal);
            Assert.NotNull(operation["operationId"]);
        }
    }

    [Theory]
    [InlineData("/api/catalog/products?sort=luck")]
    [InlineData("/api/catalog/products?sort=-title")]
    [InlineData("/api/catalog/products?status=lost")]
    [InlineData("/api/ordering/orders?status=lost")]
    [InlineData("/api/ordering/orders?Status=placed")]
    [InlineData("/api/inventory/locations?limit=1")]
    public async Task Convention_22_unknown_filters_and_sort_keys_are_refused(string path) => (await host.Api.GetAsync(path)).ExpectProblem(400);

    [Fact]
    public async Task Convention_22_unknown_fields_of_a_body_are_refused()
    {
        (await host.Api.PostAsync("/api/baskets", """{"colour":"red"}""")).ExpectProblem(400, "malformed-request");
        (await host.Api.PostAsync("/api/baskets", """{"lines":[],"lines":[]}""")).ExpectProblem(400, "malformed-request");
    }

    [Fact]
    public async Task Convention_42_a_list_can_be_asked_for_some_fields_only()
    {
        var vendor = await ProductsAsync(3);
        var whole = (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2")).Expect(200);

        var some = (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2&fields=title,id")).Expect(200);

        Assert.All(some.Json["items"]!.AsArray(), item => Assert.Equal(["id", "title"], item!.AsObject().Select(member => member.Key).Order()));
        Assert.Equal(Titles(whole), Titles(some));
        (await host.Api.GetAsync($"/api/catalog/products?vendor={vendor}&sort=title&limit=2&cursor={some["next"]}")).Expect(200);
        (await host.Api.GetAsync("/api/catalog/products?fields=title,secret")).ExpectProblem(400, "malformed-request");
        (await host.Api.GetAsync("/api/catalog/products?fields=")).ExpectProblem(400, "malformed-request");
        (await host.Api.GetAsync("/api/ordering/orders?fields=id,total")).Expect(200);
        (await host.Api.GetAsync("/api/ordering/orders?fields=email")).ExpectProblem(400, "malformed-request");
    }

    private static List<string> Titles(Answer page) => [.. page.Json["items"]!.AsArray().Select(item => (string)((JsonObject)item!)["title"]!)];

    private async Task<string> ProductsAsync(int count)
    {
        var vendor = "vendor" + Guid.NewGuid().ToString("N");
        await ImportAsync(vendor, [.. Enumerable.Range(0, count).Select(number => $"Item {number:D3}")]);
        return vendor;
    }

    private async Task ImportAsync(string vendor, IReadOnlyList<string> titles)
    {
        var csv = new StringBuilder("Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Published\n");
        foreach (var title in titles)
        {
            var sku = Shop.NewSku();
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{sku.ToLowerInvariant()},{title},{vendor},Title,Default Title,{sku},1.00,true\n");
        }

        await host.Shop.ImportAsync(Encoding.UTF8.GetBytes(csv.ToString()));
    }
}
