using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

/// <summary>The fields of a list's items that a client wants: <c>?fields=id,title</c>.</summary>
public sealed class FieldSelection
{
    private readonly IReadOnlyList<string> _names;

    private FieldSelection(IReadOnlyList<string> names) => _names = names;

    /// <summary>Reads a selection.</summary>
    /// <typeparam name="TItem">The items' type, which has the fields.</typeparam>
    /// <param name="fields">Names with commas between them; null for all fields.</param>
    /// <returns>The selection, or null for all fields.</returns>
    /// <exception cref="ProblemException">400 for a field that the items do not have, and for an empty selection.</exception>
    public static FieldSelection? Of<TItem>(string? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var known = ApiJson.Options.GetTypeInfo(typeof(TItem)).Properties.Select(static property => property.Name).ToList();
        var names = fields.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        return names.Find(name => !known.Contains(name)) is { } unknown
            ? throw new ProblemException(ProblemTypes.MalformedRequest, $"The items have no field '{(unknown.Length > 40 ? unknown[..40] + "…" : unknown)}'. fields is a list with commas of {string.Join(", ", known)}.")
            : new FieldSelection(names);
    }

    /// <summary>Answers a page, each item with the selected fields only.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <param name="page">The page.</param>
    /// <param name="selection">The selection; null for all fields.</param>
    /// <returns>The answer 200.</returns>
    public static IResult Answer<TItem>(Page<TItem> page, FieldSelection? selection)
    {
        if (selection is null)
        {
            return Results.Ok(page);
        }

        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in page.Items)
            {
                selection.Write(json, JsonSerializer.SerializeToUtf8Bytes(item, ApiJson.Options));
            }

            json.WriteEndArray();
            json.WriteString("next", page.Next);
            json.WriteEndObject();
        }

        return Results.Bytes(body.WrittenMemory, "application/json; charset=utf-8");
    }

    /// <summary>Writes the selected fields of an item, in the item's own order.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="item">A JSON object in UTF-8.</param>
    public void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> item)
    {
        using var whole = JsonDocument.Parse(item);
        json.WriteStartObject();
        foreach (var member in whole.RootElement.EnumerateObject())
        {
            if (_names.Contains(member.Name))
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
