using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace ModularMonolith.Benchmarks.Comparator;

internal static class Browsing
{
    public static async Task ProductAsync(Guid id, HttpContext http, NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select version, view from product_search where id = $1 and status = 'active'");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var tag = $"\"v{reader.GetInt32(0)}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = reader.GetFieldValue<byte[]>(1);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static async Task SearchAsync(string q, int limit, HttpContext http, NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select summary, id, ts_rank(words, asked)::float8
            from product_search, (select websearch_to_tsquery('english', $1) || to_tsquery('simple', $2) as asked offset 0) query
            where status = 'active' and words @@ asked
            order by ts_rank(words, asked)::float8 desc, id desc limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = q });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = q.ToLowerInvariant() + ":*" });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("items");
        var count = 0;
        string? next = null;
        var last = (Id: Guid.Empty, Rank: 0.0);
        while (await reader.ReadAsync(http.RequestAborted))
        {
            if (++count > limit)
            {
                next = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { last.Id, last.Rank }));
                break;
            }

            json.WriteRawValue(reader.GetFieldValue<byte[]>(0), skipInputValidation: true);
            last = (reader.GetGuid(1), reader.GetDouble(2));
        }

        json.WriteEndArray();
        json.WriteString("next", next);
        json.WriteEndObject();
    }
}
