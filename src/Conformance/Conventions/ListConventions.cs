using System.Text.Json.Nodes;
using ModularMonolith.Conformance.Checking;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 18 to 22 and 42: lists.</summary>
internal static class ListConventions
{
    private const int MostLists = 12;
    private const int ChangedCursors = 20;
    private const int MostPages = 20;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(18, "Cursors are opaque and sealed", true, CursorAsync),
        new(19, "No duplicate and no gap while others write", true, WritingAsync),
        new(20, "Pages have 1 to 100 items", false, SizeAsync),
        new(21, "next in the body is Link: rel=\"next\"", true, LinkAsync),
        new(22, "Unknown parameters, sort keys and fields are 400", false, UnknownAsync),
        new(42, "A list can be asked for some fields only", false, FieldsAsync),
    ];

    // Those that these credentials may read.
    private static async Task<IReadOnlyList<DescribedOperation>> ReadableAsync(Probe probe)
    {
        var lists = new List<DescribedOperation>();
        foreach (var operation in probe.Description.Operations.Where(static operation =>
            operation.Method == "GET" && operation.Takes("limit", "query") && !operation.Path.Contains('{', StringComparison.Ordinal)
            && !operation.Parameters.Any(static parameter => parameter.Required)).Take(MostLists))
        {
            if ((await probe.GetAsync(operation.Path)).Status == 200)
            {
                lists.Add(operation);
            }
        }

        return lists.Count > 0 ? lists : throw new NotShownException("There is no list that these credentials may read.");
    }

    private static async Task<string> SizeAsync(Probe probe)
    {
        var lists = await ReadableAsync(probe);
        foreach (var list in lists)
        {
            foreach (var wrong in (string[])["0", "-1", "101", "2147483648"])
            {
                (await probe.GetAsync($"{list.Path}?limit={wrong}")).ExpectProblem(400);
            }

            (await probe.GetAsync($"{list.Path}?limit=1")).Expect(200);
            var page = (await probe.GetAsync($"{list.Path}?limit=100")).Expect(200);
            page.Require(page.Items.Count <= 100, "A page of at most 100 items");
        }

        return $"{lists.Count} lists were asked for pages of 0, -1, 1, 100, 101 and 2147483648.";
    }

    private static async Task<string> UnknownAsync(Probe probe)
    {
        var count = 0;
        foreach (var list in await ReadableAsync(probe))
        {
            (await probe.GetAsync(list.Path + "?colour=red")).ExpectProblem(400);
            count++;
            if (list.Takes("sort", "query"))
            {
                (await probe.GetAsync(list.Path + "?sort=luck")).ExpectProblem(400);
            }
        }

        if (!probe.Settings.ReadOnly)
        {
            (await probe.PostAsync(probe.Operation("CreateBasket").Path, """{"colour":"red"}""")).ExpectProblem(400);
        }

        return $"{count} lists and a body were sent the colour red.";
    }

    private static async Task<Reply> OwnAsync(Probe probe, int count, string query)
    {
        var have = (await probe.GetAsync(probe.Samples.OwnProducts + "&limit=100")).Expect(200, 401, 403);
        if (have.Status != 200)
        {
            throw new NotShownException("The credentials may not list drafts: the permission catalog:read is missing.");
        }

        for (var made = have.Items.Count; made < count; made++)
        {
            await probe.Samples.ProductAsync($"Item {made:D3}");
        }

        return (await probe.GetAsync(probe.Samples.OwnProducts + query)).Expect(200);
    }

    private static async Task<string> CursorAsync(Probe probe)
    {
        probe.NeedCredentials();
        var cursor = (await OwnAsync(probe, 3, "&limit=1")).Text("next");
        var next = $"{probe.Samples.OwnProducts}&limit=1&cursor=";
        (await probe.GetAsync(next + Uri.EscapeDataString(cursor))).Expect(200);
        var step = Math.Max(1, cursor.Length / ChangedCursors);
        for (var at = 0; at < cursor.Length; at += step)
        {
            var changed = cursor[..at] + (cursor[at] == 'A' ? 'B' : 'A') + cursor[(at + 1)..];
            (await probe.GetAsync(next + Uri.EscapeDataString(changed))).ExpectProblem(400);
        }

        var path = probe.Operation("SearchProducts").Path;
        (await probe.GetAsync($"{path}?vendor=other&sort=title&limit=1&cursor={Uri.EscapeDataString(cursor)}")).ExpectProblem(400);
        return $"A cursor of {cursor.Length} characters was refused wherever one of them was changed, and with other filters.";
    }

    private static async Task<string> WritingAsync(Probe probe)
    {
        probe.NeedCredentials();
        var before = (await OwnAsync(probe, 6, "&limit=100")).Items.Select(static item => (string)item["id"]!).ToHashSet();
        var seen = new List<string>();
        string? cursor = null;
        for (var page = 0; page < MostPages && (page == 0 || cursor is not null); page++)
        {
            var answer = (await probe.GetAsync($"{probe.Samples.OwnProducts}&limit=5" + (cursor is null ? string.Empty : "&cursor=" + Uri.EscapeDataString(cursor)))).Expect(200);
            seen.AddRange(answer.Items.Select(static item => (string)item["id"]!));
            cursor = (string?)answer.Json["next"];
            if (page < 3)
            {
                // One before and one behind what has been read.
                await probe.Samples.ProductAsync($"AAA {page}");
                await probe.Samples.ProductAsync($"ZZZ {page}");
            }
        }

        var twice = seen.GroupBy(static id => id).Count(static group => group.Count() > 1);
        var missing = before.Except(seen).Count();
        return twice == 0 && missing == 0
            ? $"{seen.Count} products were read in pages of 5 while others were made before and behind."
            : throw new NotKeptException($"Every product was expected once while others were made; {twice} came twice and {missing} not at all.");
    }

    private static async Task<string> LinkAsync(Probe probe)
    {
        probe.NeedCredentials();
        var page = await OwnAsync(probe, 3, "&limit=2");
        var link = page.Header("Link");
        page.Require(link.StartsWith('<') && link.EndsWith(">; rel=\"next\"", StringComparison.Ordinal), "Link: <…>; rel=\"next\"");
        var byLink = (await probe.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)])).Expect(200);
        var byNext = (await probe.GetAsync($"{probe.Samples.OwnProducts}&limit=2&cursor={Uri.EscapeDataString(page.Text("next"))}")).Expect(200);
        byLink.Require(byLink.Body == byNext.Body, $"The page that next leads to, {byNext.Body[..Math.Min(100, byNext.Body.Length)]},");
        return "Both lead to the same page.";
    }

    private static async Task<string> FieldsAsync(Probe probe)
    {
        var list = probe.Operation("SearchProducts").Path;
        (await probe.GetAsync(list + "?fields=title,secret")).ExpectProblem(400);
        var some = (await probe.GetAsync(list + "?fields=title,id&limit=3")).Expect(200);
        if (some.Items.Count == 0)
        {
            if (probe.Settings.ReadOnly || probe.Settings.Authorization is null)
            {
                throw new NotShownException("There are no products to see it with.");
            }

            some = await OwnAsync(probe, 1, "&fields=title,id");
        }

        some.Require(some.Items.Count > 0, "A product");
        foreach (var item in some.Items)
        {
            some.Require(((JsonObject)item).Select(static member => member.Key).Order().SequenceEqual(["id", "title"]), "id and title and nothing else");
        }

        return $"{some.Items.Count} products came with id and title only, and a field that does not exist was refused.";
    }
}
