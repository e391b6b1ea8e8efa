using System.Collections.Concurrent;
using Marten.Services;
using Weasel.Core.Sequences;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class IdentityTests
{
    [Fact]
    public async Task New_guid_identities_ascend()
    {
        await using var test = await TestStore.CreateAsync();
        var users = Enumerable.Range(0, 3).Select(_ => new User()).ToArray();
        await using var session = test.Session();
        session.Store(users);
        Assert.All(users, u => Assert.NotEqual(Guid.Empty, u.Id));
        Assert.Equal(3, users.Select(u => u.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_text_identity_must_be_assigned()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        var failure = Assert.Throws<InvalidOperationException>(() => session.Store(new Label()));
        Assert.Contains("has no identity", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_come_from_blocks_that_no_other_store_uses()
    {
        var schema = TestStore.NewSchema();
        await using var one = await TestStore.CreateAsync(o => o.Schema.For<Ticket>().HiloSettings(new HiloSettings { MaxLo = 10 }), schema);
        await using var two = await TestStore.CreateAsync(o => o.Schema.For<Ticket>().HiloSettings(new HiloSettings { MaxLo = 10 }), schema);
        var ids = new ConcurrentBag<int>();
        await Task.WhenAll(new[] { one, two, one, two }.Select(test => Task.Run(async () =>
        {
            var tickets = Enumerable.Range(0, 25).Select(_ => new Ticket()).ToArray();
            await test.SaveAsync(s => s.Store(tickets));
            foreach (var ticket in tickets)
                ids.Add(ticket.Id);
        })));
        Assert.Equal(100, ids.Distinct().Count());
        Assert.DoesNotContain(0, ids);
        Assert.Equal(100L, await one.ScalarAsync("select count(*) from {0}.mt_doc_ticket"));
    }

    [Fact]
    public async Task Numbers_begin_above_a_floor()
    {
        await using var test = await TestStore.CreateAsync();
        await test.Store.Advanced.ResetHiloSequenceFloor<Measurement>(25_000);
        var measurement = new Measurement { Value = 1.5 };
        await test.SaveAsync(s => s.Store(measurement));
        Assert.True(measurement.Id > 25_000);
        Assert.Equal(1.5, (await test.LoadAsync<Measurement>(measurement.Id))!.Value);
        Assert.Equal("bigint", await test.ScalarAsync("select data_type from information_schema.columns where table_schema = '{0}' and table_name = 'mt_doc_measurement' and column_name = 'id'"));
    }

    [Fact]
    public async Task An_identity_map_returns_the_same_instance()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User();
        await test.SaveAsync(s => s.Store(user));
        await using var session = test.Store.IdentitySession();
        var one = await session.LoadAsync<User>(user.Id);
        Assert.Same(one, await session.LoadAsync<User>(user.Id));
        Assert.Same(one, (await session.LoadManyAsync<User>(user.Id))[0]);
        Assert.Same(one, (await session.QueryAsync<User>("where d.id = ?", user.Id))[0]);
        Assert.Throws<InvalidOperationException>(() => session.Store(new User { Id = user.Id }));
        session.Eject(one!);
        Assert.NotSame(one, await session.LoadAsync<User>(user.Id));
    }

    [Fact]
    public async Task A_lightweight_session_returns_new_instances()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User();
        await test.SaveAsync(s => s.Store(user));
        await using var session = test.Store.OpenSession(new SessionOptions());
        Assert.NotSame(await session.LoadAsync<User>(user.Id), await session.LoadAsync<User>(user.Id));
    }

    [Fact]
    public async Task The_identity_may_be_another_member()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Country>().Identity(c => c.Code));
        await test.SaveAsync(s => s.Store(new Country("de", "Germany"), new Country("fr", "France")));
        Assert.Equal("France", (await test.LoadAsync<Country>("fr"))!.Name);
    }

    [Fact]
    public async Task An_attribute_names_the_identity()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Device { SerialNumber = "s1", Id = "not the identity" }));
        Assert.NotNull(await test.LoadAsync<Device>("s1"));
    }

    internal sealed record Country(string Code, string Name);

    internal sealed class Device
    {
        [JasperFx.Identity]
        public string SerialNumber { get; set; } = string.Empty;

        public string? Id { get; set; }
    }
}
