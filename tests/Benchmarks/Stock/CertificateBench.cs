using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Benchmarks.Stock;

/// <summary>
/// Measures the certificate over long histories. What a few SKUs have gone through is copied in the database with SKUs and reservations of its own, as often as is needed; one SKU has a tenth of all
/// movements in a single stream. The host runs in this process, which does nothing else meanwhile, so its memory is this process's.
/// </summary>
internal static class CertificateBench
{
    private const int HotShare = 10;

    public static async Task<int> RunAsync(Settings settings)
    {
        await using var inventory = await InventoryProcess.StartAsync();
        var history = await StockHistory.BeginAsync(inventory);
        Console.WriteLine($"\n| movements and entries | rows read | took s | rows a second | managed memory before, highest MiB | resident before, highest MiB | result |\n|---|---:|---:|---:|---:|---:|---|");
        var holds = true;
        foreach (var movements in new[] { settings.Movements / 10, settings.Movements, settings.Movements * 3 })
        {
            await history.GrowAsync(movements - (movements / HotShare), movements / HotShare);
            holds &= await MeasureAsync(inventory);
        }

        return holds ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(InventoryProcess inventory)
    {
        var before = Memory.Now(collect: true);
        using var stop = new CancellationTokenSource();
        var watching = Memory.HighestAsync(stop.Token);
        var begin = Stopwatch.GetTimestamp();
        var certificate = await inventory.CertifyAsync();
        var waited = Stopwatch.GetElapsedTime(begin);
        await stop.CancelAsync();
        var highest = await watching;
        var findings = certificate.GetProperty("findings");
        var took = certificate.GetProperty("completedAt").GetDateTimeOffset() - certificate.GetProperty("startedAt").GetDateTimeOffset();
        var rows = Rows(findings);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Count(findings, "movements") + Count(findings, "entries"):N0} | {rows:N0} | {took.TotalSeconds:N1} (answered after {waited.TotalSeconds:N1}) | {rows / took.TotalSeconds:N0} | {before.Managed}, {highest.Managed} | {before.Resident}, {highest.Resident} | {certificate.GetProperty("status").GetString()} |"));
        return certificate.GetProperty("status").GetString() == "held";
    }

    private static long Rows(JsonElement findings) =>
        new[] { "movements", "entries", "items", "ledgers", "reservations" }.Sum(name => Count(findings, name));

    private static long Count(JsonElement findings, string name) => findings.GetProperty(name).GetInt64();

    /// <param name="Managed">The garbage collector's heap, MiB.</param>
    /// <param name="Resident">The process, MiB.</param>
    private readonly record struct Memory(long Managed, long Resident)
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

        public static Memory Now(bool collect = false) => new(GC.GetTotalMemory(collect) >> 20, Environment.WorkingSet >> 20);

        public static async Task<Memory> HighestAsync(CancellationToken stop)
        {
            var highest = Now();
            using var timer = new PeriodicTimer(Interval);
            while (!stop.IsCancellationRequested)
            {
                var now = Now();
                highest = new Memory(Math.Max(highest.Managed, now.Managed), Math.Max(highest.Resident, now.Resident));
                try
                {
                    await timer.WaitForNextTickAsync(stop);
                }
                catch (OperationCanceledException)
                {
                    // The certificate is there.
                }
            }

            return highest;
        }
    }
}

/// <summary>A history of stock of any length.</summary>
internal sealed class StockHistory
{
    private const string Sku = "TEMPLATE";
    private const string Ahead = "TEMPLATE-AHEAD";
    private const string Hot = "HOT";

    // What a copy replaces: the beginnings of the template's reservation ids, as they are written with hyphens and without.
    private const string FirstId = "0199ffff-0000-7000-8000-";

    private readonly InventoryProcess _inventory;
    private long _copies;
    private long _pairs;
    private long _movementsOfCopy;

    private StockHistory(InventoryProcess inventory) => _inventory = inventory;

    /// <summary>Lets a few SKUs go through all that there is, the real way.</summary>
    public static async Task<StockHistory> BeginAsync(InventoryProcess inventory)
    {
        var history = new StockHistory(inventory);
        await inventory.DeclareAsync(1_000, Sku);
        await inventory.DeclareAsync(2, Ahead);
        await inventory.DeclareAsync(1_000_000, Hot);
        await inventory.PutPolicyAsync(Ahead, """{"backorderLimit":1000}""");
        for (var number = 0; number < 20; number++)
        {
            var (id, lines) = (IdOf(number), new[] { new StockLine(Sku, 2), new StockLine(Ahead, 1) });
            await history.ReserveAsync(id, lines);
            if (number % 4 == 3)
            {
                await inventory.SendAsync(new ReleaseReservation(id));
                continue;
            }

            await inventory.PublishAsync("inventory.reservation-consumed", new ReservationConsumed(id, "order", lines));
            if (number % 5 == 0)
            {
                await history.UntilEndedAsync(id, "committed");
                await inventory.PublishAsync("inventory.reservation-returned", new ReservationReturned(id, "order", lines));
            }

            await history.UntilEndedAsync(id, number % 5 == 0 ? "returned" : "committed");
        }

        // Its first pair of movements is copied as well.
        await history.ReserveAsync(IdOf(0x999), [new StockLine(Hot, 1)]);
        await inventory.SendAsync(new ReleaseReservation(IdOf(0x999)));
        history._movementsOfCopy = (long)(await inventory.ScalarAsync("select count(*) from inventory.mt_events where strpos(stream_id, $1) > 0", Sku))!;
        return history;
    }

    /// <summary>Makes the history as long as is said.</summary>
    /// <param name="movements">Movements and entries of many SKUs.</param>
    /// <param name="ofOne">Movements of one SKU.</param>
    public async Task GrowAsync(long movements, long ofOne)
    {
        var (copies, pairs) = (movements / _movementsOfCopy, ofOne / 2);
        if (copies > _copies)
        {
            await CopyAsync(_copies + 1, copies);
            _copies = copies;
        }

        if (pairs > _pairs)
        {
            await RepeatAsync(_pairs + 1, pairs);
            _pairs = pairs;
        }

        await _inventory.ScalarAsync("analyze");
    }

    private static Guid IdOf(int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"{FirstId}{number:x12}"));

    private Task<StockReservation> ReserveAsync(Guid id, IReadOnlyList<StockLine> lines) => _inventory.SendAsync(new ReserveStock(id, lines, DateTimeOffset.UtcNow.AddHours(1)));

    private Task UntilEndedAsync(Guid id, string status) => InventoryProcess.UntilAsync(async () =>
        (bool)(await _inventory.ScalarAsync("select exists (select from inventory.mt_doc_reservation where id = $1 and lower(data ->> 'status') = $2)", id, status))!);

    // Rows as a whole with other texts in them, so that it does not matter which columns there are.
    private async Task CopyAsync(long from, long to)
    {
        foreach (var (table, condition) in new[]
        {
            ("mt_streams", "strpos(t.id, $3) > 0"), ("mt_events", "strpos(t.stream_id, $3) > 0"), ("mt_doc_stock_item", "strpos(t.id, $3) > 0"), ("mt_doc_sku_ledger", "strpos(t.id, $3) > 0"),
            ("mt_doc_backorder", "strpos(t.id, $3) > 0"), ("mt_doc_reservation", "t.id::text like '0199ffff-0000-7000-8000-%' and t.data::text like '%' || $3 || '%'"),
        })
        {
            var isEvent = table == "mt_events";
            var own = isEvent ? "|| jsonb_build_object('seq_id', nextval('inventory.mt_events_sequence'), 'id', gen_random_uuid())" : string.Empty;
            // The number stands behind the name; in a reservation's id it has seven hexadecimal digits. What was copied before is not copied again.
            await _inventory.ScalarAsync(
                $"""
                insert into inventory.{table}
                select copy.* from (select * from inventory.{table} as t where {condition} and strpos(to_jsonb(t)::text, $3 || '@') = 0{(isEvent ? " order by t.seq_id" : string.Empty)}) as t
                cross join generate_series($1, $2) as n
                cross join lateral (select lpad(to_hex(n), 7, '0') as digits) as h
                cross join lateral jsonb_populate_record(null::inventory.{table}, replace(replace(replace(to_jsonb(t)::text,
                    $3, $3 || '@' || n),
                    '0199ffff-0000-7000', '0199ffff-' || left(digits, 4) || '-7' || right(digits, 3)),
                    '0199ffff00007000', '0199ffff' || left(digits, 4) || '7' || right(digits, 3))::jsonb {own}) as copy
                """,
                from, to, Sku);
        }
    }

    // A reservation and its release leave what there was: the pair can be repeated, with the versions that follow.
    private async Task RepeatAsync(long from, long to)
    {
        const string Item = "main/" + Hot;
        await _inventory.ScalarAsync(
            """
            insert into inventory.mt_events
            select copy.* from inventory.mt_events as t
            cross join generate_series($1, $2) as n
            cross join lateral (select lpad(to_hex(n), 12, '0') as digits) as h
            cross join lateral jsonb_populate_record(null::inventory.mt_events, replace(to_jsonb(t)::text, '0199ffff-0000-7000-8000-000000000999', '0199fffe-0000-7000-8000-' || digits)::jsonb
                || jsonb_build_object('seq_id', nextval('inventory.mt_events_sequence'), 'id', gen_random_uuid(), 'version', t.version + 2 * n)) as copy
            where t.stream_id = $3 and t.version in (2, 3)
            """,
            from, to, Item);
        await _inventory.ScalarAsync(
            """
            insert into inventory.mt_doc_reservation
            select copy.* from inventory.mt_doc_reservation as t
            cross join generate_series($1, $2) as n
            cross join lateral (select lpad(to_hex(n), 12, '0') as digits) as h
            cross join lateral jsonb_populate_record(null::inventory.mt_doc_reservation, replace(to_jsonb(t)::text, '0199ffff-0000-7000-8000-000000000999', '0199fffe-0000-7000-8000-' || digits)::jsonb) as copy
            where t.id = '0199ffff-0000-7000-8000-000000000999'
            """,
            from, to);
        await _inventory.ScalarAsync("update inventory.mt_streams set version = 3 + 2 * $1 where id = $2", to, Item);
        await _inventory.ScalarAsync("update inventory.mt_doc_stock_item set mt_version = 3 + 2 * $1, data = jsonb_set(data, '{version}', to_jsonb(3 + 2 * $1)) where id = $2", to, Item);
    }
}
