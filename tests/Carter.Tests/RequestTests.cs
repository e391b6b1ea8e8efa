using System.Text;
using Carter.Request;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ModularMonolith.Carter.Tests;

public sealed class RequestTests
{
    [Fact]
    public void Values_are_converted()
    {
        var query = Query("?text=a%20b&number=-12&amount=1.5&flag=true&id=7e1c3f0e-5a51-4a4e-9a7e-0d1f0c9f2a10&day=Friday&list=7");

        Assert.Equal("a b", query.As<string>("text"));
        Assert.Equal(-12, query.As<int>("number"));
        Assert.Equal(-12, query.As<int?>("number"));
        Assert.Equal(1.5m, query.As<decimal>("amount"));
        Assert.True(query.As<bool>("flag"));
        Assert.Equal(Guid.Parse("7e1c3f0e-5a51-4a4e-9a7e-0d1f0c9f2a10"), query.As<Guid>("id"));
        Assert.Equal(DayOfWeek.Friday, query.As<DayOfWeek>("day"));
    }

    [Fact]
    public void A_time_without_offset_is_universal()
    {
        var query = Query("?plain=2026-01-02T03:04:05&offset=2026-01-02T03:04:05%2B02:00");

        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), query.As<DateTime>("plain"));
        Assert.Equal(DateTimeKind.Utc, query.As<DateTime>("plain").Kind);
        Assert.Equal(new DateTime(2026, 1, 2, 1, 4, 5, DateTimeKind.Utc), query.As<DateTime?>("offset"));
    }

    [Fact]
    public void Missing_and_unconvertible_values_become_the_default()
    {
        var query = Query("?number=twelve&big=99999999999&time=noon&type=x");

        Assert.Equal(5, query.As("missing", 5));
        Assert.Equal(5, query.As("number", 5));
        Assert.Equal(5, query.As("big", 5));
        Assert.Null(query.As<int?>("number"));
        Assert.Equal(DateTime.UnixEpoch, query.As("time", DateTime.UnixEpoch));
        Assert.Null(query.As<RequestTests>("type"));
    }

    [Fact]
    public void The_first_of_several_values_is_read() => Assert.Equal(1, Query("?n=1&n=2").As<int>("n"));

    [Fact]
    public void Several_values_are_read_from_repetitions_and_commas()
    {
        var query = Query("?n=1&n=2,3&n=,&n=x");

        Assert.Equal([1, 2, 3, 0], query.AsMultiple<int>("n"));
        Assert.Equal(["1", "2", "3", "x"], query.AsMultiple<string>("n"));
        Assert.Empty(query.AsMultiple<int>("missing"));
    }

    [Fact]
    public async Task A_stream_is_read_as_text_left_open_and_rewound()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("grün"));

        Assert.Equal("grün", await stream.AsStringAsync());
        Assert.Equal("grün", await stream.AsStringAsync(Encoding.UTF8, CancellationToken.None));
        Assert.Equal(0, stream.Position);
    }

    [Fact]
    public async Task A_stream_is_read_in_another_encoding()
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes("grün"));

        Assert.Equal("grün", await stream.AsStringAsync(Encoding.Latin1));
    }

    [Fact]
    public async Task Reading_stops_when_cancelled()
    {
        using var stream = new MemoryStream([1]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.AsStringAsync(null, new CancellationToken(canceled: true)));
    }

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));
}
