using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Benchmarks.Comparator;

internal sealed record Price(long Amount, string Currency);

internal sealed record NewLine(Guid VariantId, int Quantity);

internal sealed record Line(Guid VariantId, string Sku, string Title, int Quantity, Price UnitPrice);

internal sealed record CheckoutRequest(string BasketId);

internal sealed record OrderRequest(Guid CheckoutId, Price ExpectedTotal);

internal sealed record OrderAnswer(Guid Id, string BasketId, string Status, IReadOnlyList<Line> Lines, Price Total, DateTimeOffset PlacedAt);

internal static class Buying
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Reservation = TimeSpan.FromMinutes(10);

    public static async Task<IResult> CreateBasketAsync(NpgsqlDataSource source)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        await using var command = source.CreateCommand("insert into basket (id, lines, version, expires_at) values ($1, '[]', 1, $2)");
        Add(command.Parameters, id, DateTimeOffset.UtcNow.AddDays(30));
        await command.ExecuteNonQueryAsync();
        return Results.Created("/api/baskets/" + id, new { id, lines = Array.Empty<Line>() });
    }

    public static async Task<IResult> AddLineAsync(string id, NewLine body, NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var lines = await BasketAsync(connection, id, " for update");
        var variant = await VariantAsync(connection, body.VariantId);
        if (lines is null || variant is null)
        {
            return Results.NotFound();
        }

        var available = await ScalarAsync<int>(connection, "select on_hand - reserved from stock where sku = $1", variant.Sku);
        if (available < body.Quantity)
        {
            return Results.Conflict(new { available });
        }

        lines.Add(variant with { Quantity = body.Quantity });
        await ExecuteAsync(connection, "update basket set lines = $2, version = version + 1, expires_at = $3 where id = $1", id, ToJson(lines), DateTimeOffset.UtcNow.AddDays(30));
        await transaction.CommitAsync();
        return Results.Ok(new { id, lines, total = Total(lines) });
    }

    public static async Task<IResult> CheckoutAsync(CheckoutRequest body, NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BasketAsync(connection, body.BasketId, string.Empty) is not { Count: > 0 } basket)
        {
            return Results.NotFound();
        }

        var lines = new List<Line>();
        foreach (var line in basket)
        {
            lines.Add((await VariantAsync(connection, line.VariantId))! with { Quantity = line.Quantity });
        }

        await ScalarAsync<long>(connection, "select count(*) from checkout where basket_id = $1 and status <> 'cancelled'", body.BasketId);
        var (id, expiresAt) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow + Reservation);
        foreach (var line in lines.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            var version = await ScalarAsync<int?>(
                connection, "update stock set reserved = reserved + $2, version = version + 1 where sku = $1 and on_hand - reserved >= $2 returning version", line.Sku, line.Quantity);
            if (version is null)
            {
                return Results.Conflict(new { line.Sku });
            }

            await MoveAsync(connection, line, version.Value, "stock_reserved", id);
        }

        await ExecuteAsync(connection, "insert into reservation (id, lines, status, expires_at) values ($1, $2, 'active', $3)", id, ToJson(lines), expiresAt);
        await ExecuteAsync(
            connection, "insert into checkout (id, basket_id, lines, expires_at, status, version) values ($1, $2, $3, $4, 'open', 1)", id, body.BasketId, ToJson(lines), expiresAt);
        await transaction.CommitAsync();
        return Results.Created("/api/ordering/checkouts/" + id, new { id, body.BasketId, lines, total = Total(lines), expiresAt, status = "open" });
    }

    public static async Task<IResult> OrderAsync(OrderRequest body, HttpContext http, NpgsqlDataSource source)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("POST /api/ordering/orders\n" + http.Request.Headers["Idempotency-Key"])));
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, Json)));
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ScalarAsync<string?>(connection, "select response::text from idempotency where id = $1 and fingerprint = $2", key, fingerprint) is { } recorded)
        {
            return Results.Content(recorded, "application/json", Encoding.UTF8, StatusCodes.Status201Created);
        }

        var (basketId, lines) = await OpenCheckoutAsync(connection, body.CheckoutId);
        if (basketId is null || Total(lines) != body.ExpectedTotal)
        {
            return Results.Conflict();
        }

        var order = new OrderAnswer(Guid.CreateVersion7(), basketId, "placed", lines, Total(lines), DateTimeOffset.UtcNow);
        await ExtendAsync(connection, body.CheckoutId, lines);
        await PlaceAsync(connection, body, order);
        await ExecuteAsync(connection, "insert into idempotency (id, fingerprint, response) values ($1, $2, $3)", key, fingerprint, ToJson(order));
        await FollowUpAsync(connection, body.CheckoutId, order);
        await transaction.CommitAsync();
        return Results.Created("/api/ordering/orders/" + order.Id, order);
    }

    private static async Task<(string? BasketId, List<Line> Lines)> OpenCheckoutAsync(NpgsqlConnection connection, Guid id)
    {
        var lines = new List<Line>();
        string? basketId;
        await using (var command = new NpgsqlCommand("select basket_id, lines::text from checkout where id = $1 and status = 'open' and expires_at > now() for update", connection))
        {
            Add(command.Parameters, id);
            await using var reader = await command.ExecuteReaderAsync();
            basketId = await reader.ReadAsync() ? reader.GetString(0) : null;
            lines = basketId is null ? lines : JsonSerializer.Deserialize<List<Line>>(reader.GetString(1), Json)!;
        }

        for (var index = 0; index < lines.Count; index++)
        {
            lines[index] = lines[index] with { UnitPrice = (await VariantAsync(connection, lines[index].VariantId))!.UnitPrice };
        }

        return (basketId, lines);
    }

    private static async Task ExtendAsync(NpgsqlConnection connection, Guid id, List<Line> lines)
    {
        foreach (var line in lines.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            var version = await ScalarAsync<int>(connection, "update stock set version = version + 1 where sku = $1 returning version", line.Sku);
            await MoveAsync(connection, line, version, "reservation_extended", id);
        }

        await ExecuteAsync(connection, "update reservation set expires_at = $2 where id = $1 and status = 'active'", id, DateTimeOffset.UtcNow + Reservation);
    }

    private static async Task PlaceAsync(NpgsqlConnection connection, OrderRequest body, OrderAnswer order)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "insert into orders (id, data, status, version) values ($1, $2, 'placed', 1)", order.Id, ToJson(order));
        Add(batch, "insert into order_event (order_id, version, type, data) values ($1, 1, 'order_placed', $2)", order.Id, ToJson(order));
        Add(batch, "update checkout set status = 'ordered', order_id = $2, version = version + 1 where id = $1", body.CheckoutId, order.Id);
        foreach (var (name, messageKey) in new[] { ("reservation-consumed", body.CheckoutId.ToString()), ("basket-ordered", order.BasketId), ("order-placed", order.Id.ToString()) })
        {
            Add(batch, "insert into message (id, name, key, payload) values ($1, $2, $3, $4)", Guid.CreateVersion7(), name, messageKey, ToJson(order));
        }

        await batch.ExecuteNonQueryAsync();
    }

    private static async Task FollowUpAsync(NpgsqlConnection connection, Guid reservationId, OrderAnswer order)
    {
        foreach (var line in order.Lines.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            var version = await ScalarAsync<int>(
                connection, "update stock set on_hand = on_hand - $2, reserved = reserved - $2, version = version + 1 where sku = $1 returning version", line.Sku, line.Quantity);
            await MoveAsync(connection, line, version, "reservation_committed", reservationId);
        }

        await ExecuteAsync(connection, "update reservation set status = 'committed' where id = $1", reservationId);
        await ExecuteAsync(connection, "update basket set order_id = $2, version = version + 1 where id = $1", order.BasketId, order.Id);
    }

    private static Task MoveAsync(NpgsqlConnection connection, Line line, int version, string kind, Guid reservationId) => ExecuteAsync(
        connection, "insert into stock_movement (sku, version, kind, data) values ($1, $2, $3, $4)", line.Sku, version, kind, ToJson(new { reservationId, line.Quantity }));

    private static async Task<List<Line>?> BasketAsync(NpgsqlConnection connection, string id, string locking) =>
        await ScalarAsync<string?>(connection, "select lines::text from basket where id = $1 and expires_at > now() and order_id is null" + locking, id) is { } lines
            ? JsonSerializer.Deserialize<List<Line>>(lines, Json)
            : null;

    private static async Task<Line?> VariantAsync(NpgsqlConnection connection, Guid id)
    {
        await using var command = new NpgsqlCommand("select sku, product_title, variant_title, price, currency from variant_entry where id = $1 and is_published", connection);
        Add(command.Parameters, id);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new Line(id, reader.GetString(0), reader.GetString(1) + (reader.IsDBNull(2) ? string.Empty : " – " + reader.GetString(2)), 0, new Price(reader.GetInt64(3), reader.GetString(4)))
            : null;
    }

    private static Price Total(List<Line> lines) => new(lines.Sum(line => line.UnitPrice.Amount * line.Quantity), lines[0].UnitPrice.Currency);

    private static JsonText ToJson<T>(T value) => new(JsonSerializer.Serialize(value, Json));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, values);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, values);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    private static void Add(NpgsqlParameterCollection parameters, params object[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(value is JsonText json ? new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb } : new NpgsqlParameter { Value = value });
        }
    }

    private readonly record struct JsonText(string Text);
}
