using System.Text.Json.Nodes;
using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>Which page of a list is wanted: the newest first, after an item, created in a time.</summary>
internal sealed record PageRequest(int Limit, string? StartingAfter, long From, long Before)
{
    public static PageRequest Read(FormParameters form)
    {
        var limit = form.Number("limit") ?? 10;
        if (limit is < 1 or > 100)
        {
            throw RequestFailure.Invalid(400, null, "limit is 1 to 100.", "limit");
        }

        var from = Math.Max(form.Number("created[gte]") ?? 0, (form.Number("created[gt]") ?? -1) + 1);
        var before = Math.Min(form.Number("created[lt]") ?? long.MaxValue, (form.Number("created[lte]") ?? long.MaxValue - 1) + 1);
        return new PageRequest((int)limit, form.Text("starting_after"), from, before);
    }

    /// <summary>The page as a list object.</summary>
    public JsonObject Of<T>(string address, Register<T> all, Func<T, JsonObject> render, Func<T, bool>? filter = null)
        where T : class, IRegistered
    {
        var position = all.Count;
        if (StartingAfter is not null)
        {
            position = (all.Find(StartingAfter) ?? throw RequestFailure.Invalid(400, "resource_missing", $"There is nothing with the id '{StartingAfter}'.", "starting_after")).Position;
        }

        var data = new JsonArray();
        var hasMore = false;
        for (var index = position - 1; index >= 0 && !hasMore; index--)
        {
            var item = all[index];
            if (item.Created < From)
            {
                break;
            }

            if (item.Created < Before && filter?.Invoke(item) != false)
            {
                hasMore = data.Count == Limit;
                if (!hasMore)
                {
                    data.Add((JsonNode)render(item));
                }
            }
        }

        return new JsonObject { ["object"] = "list", ["url"] = address, ["has_more"] = hasMore, ["data"] = data };
    }
}
