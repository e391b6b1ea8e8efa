using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.East;
using ModularMonolith.North;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Testing;
using ModularMonolith.West;

namespace ModularMonolith.Platform.Tests.Boundaries;

/// <summary>Which modules use messages of each other, as a running host sees it, and what it does when a manifest does not say so.</summary>
public sealed class ObservedEdgeTests
{
    private const string Fail = "Fail";
    private static readonly (string, string) Refuses = ("Boundaries:OnUndeclared", Fail);

    [Fact]
    public async Task Declared_requests_and_events_are_seen_and_listed_with_how_often()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses);

        Assert.Equal("west west west", (await host.SendAsync(new PassOn(3))).TrimEnd());
        Assert.Equal("west", await host.Client.GetStringAsync(new Uri("/api/east/wind", UriKind.Relative)));
        await host.SendAsync(new TurnWind("here"));
        await Eventually.TrueAsync(() => Task.FromResult(host.Edge("west", "east", "WindTurned") is { Count: 1 }));

        var asked = host.Edge("east", "west", "AskWest")!;
        Assert.Equal(("request", true, 4L), (asked.Kind, asked.IsDeclared, asked.Count));
        Assert.True(asked.FirstSeenAt <= asked.LastSeenAt);
        var listed = await host.Client.GetFromJsonAsync<JsonElement>("/api/log/edges");
        var turned = Assert.Single(listed.EnumerateArray(), static edge => edge.GetProperty("kind").GetString() == "event" && edge.GetProperty("to").GetString() == "east");
        Assert.Equal("ModularMonolith.West.Contracts.WindTurned", turned.GetProperty("message").GetString());
        Assert.True(turned.GetProperty("isDeclared").GetBoolean());
    }

    [Fact]
    public async Task What_a_module_asks_itself_is_no_edge()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses);

        Assert.StartsWith("east", await host.SendAsync(new AskEast()), StringComparison.Ordinal);

        Assert.Empty(host.Services.GetRequiredService<ObservedEdges>().List());
    }

    [Fact]
    public async Task An_undeclared_request_fails_with_what_to_do_and_is_counted()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses);
        using var counted = new Counted(host);

        var refused = await Assert.ThrowsAsync<UndeclaredEdgeException>(() => host.SendAsync(new AskUndeclared()));

        Assert.Contains("Module 'north' sends ModularMonolith.West.Contracts.AskWest, which belongs to module 'west'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("add \"west\" to DependsOn", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("north", "west", "request", "ModularMonolith.West.Contracts.AskWest"), Assert.Single(counted.Tags));
        Assert.False(host.Edge("north", "west", "AskWest")!.IsDeclared);
    }

    [Fact]
    public async Task A_request_that_is_made_by_the_name_of_its_class_fails_like_any_other()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses);

        var refused = await Assert.ThrowsAsync<UndeclaredEdgeException>(() => host.SendAsync(new AskByName()));

        Assert.Contains("Module 'west' sends ModularMonolith.East.AskEast, which belongs to module 'east'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_delivery_of_an_undeclared_event_fails_and_that_of_a_declared_one_beside_it_does_not()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses);

        await host.SendAsync(new TurnWind("there"));

        Assert.Equal(["there"], await Eventually.Async(() => Task.FromResult(host.Services.GetRequiredService<Notebook>().Lines.ToArray()), static lines => lines.Length > 0));
        var error = await Eventually.Async(
            async () =>
            {
                await using var command = host.Source.CreateCommand("select error from north.log_dead_letter");
                return await command.ExecuteScalarAsync() as string;
            },
            static text => text is not null);
        Assert.Contains("Module 'north' handles ModularMonolith.West.Contracts.WindTurned", error, StringComparison.Ordinal);
        Assert.False(host.Services.GetRequiredService<NorthNotebook>().Heard.Task.IsCompleted);
    }

    [Fact]
    public async Task A_background_service_sends_as_the_module_that_has_registered_it()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses, ("north:AsksInBackground", "true"));

        var asked = await host.Services.GetRequiredService<NorthNotebook>().Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("Module 'north' sends", Assert.IsType<UndeclaredEdgeException>(asked).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_undeclared_edges_are_only_reported_everything_works_and_is_counted()
    {
        await using var host = await NeighbourHost.StartAsync("Production");
        using var counted = new Counted(host);

        Assert.Equal("west", await host.SendAsync(new AskUndeclared()));
        Assert.Equal("west", await host.SendAsync(new AskUndeclared()));
        await host.SendAsync(new TurnWind("far"));

        Assert.Equal("far", await host.Services.GetRequiredService<NorthNotebook>().Heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(2, counted.Tags.Count(static tags => tags is ("north", "west", "request", _)));
        Assert.Contains(("west", "north", "event", "ModularMonolith.West.Contracts.WindTurned"), counted.Tags);
    }

    [Fact]
    public async Task Where_all_modules_share_a_login_an_event_is_its_owner_s_whatever_roles_would_be_named()
    {
        await using var host = await NeighbourHost.StartAsync("Testing", Refuses, ("Database:Isolation", "Schema"), ("Database:RolePrefix", new string('x', 63)));

        await host.SendAsync(new TurnWind("shared"));

        await Eventually.TrueAsync(() => Task.FromResult(host.Edge("west", "east", "WindTurned") is { Count: 1, IsDeclared: true }));
    }

    [Fact]
    public async Task In_Development_undeclared_edges_fail_without_a_setting()
    {
        await using var host = await NeighbourHost.StartAsync("Development");

        await Assert.ThrowsAsync<UndeclaredEdgeException>(() => host.SendAsync(new AskUndeclared()));
    }

    [Fact]
    public async Task What_was_seen_is_written_to_a_file_of_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("edges-").FullName;
        try
        {
            await using var host = await NeighbourHost.StartAsync("Production", ("Boundaries:RecordTo", Path.Combine(folder, "new")));
            await host.SendAsync(new PassOn(2));
            await host.SendAsync(new AskUndeclared());

            // Without being stopped, as a process that is killed.
            var file = await Eventually.Async(() => Task.FromResult(Directory.Exists(Path.Combine(folder, "new")) ? Directory.GetFiles(Path.Combine(folder, "new"), "*.jsonl") : []), static files => files.Length == 1);
            await Eventually.TrueAsync(async () => (await File.ReadAllLinesAsync(file[0])).Length == 2);
            Assert.Equal(
                [
                    """{"from":"east","to":"west","kind":"request","message":"ModularMonolith.West.Contracts.AskWest","count":2}""",
                    """{"from":"north","to":"west","kind":"request","message":"ModularMonolith.West.Contracts.AskWest","count":1}""",
                ],
                await File.ReadAllLinesAsync(file[0]));

            await host.SendAsync(new PassOn(3));
            await host.StopAsync();

            Assert.Contains("\"count\":5", (await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(folder, "new")))))[0], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_edge_that_was_seen_before_costs_no_memory()
    {
        await using var host = await NeighbourHost.StartAsync("Production");
        var edges = host.Services.GetRequiredService<ObservedEdges>();
        var east = host.Services.GetRequiredService<Modules.ModuleCatalog>().OwnerOf(typeof(AskEast).Assembly)!;
        edges.Request(east, typeof(West.Contracts.AskWest));
        edges.Event("nobody", east, typeof(West.Contracts.WindTurned), 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            edges.Request(east, typeof(West.Contracts.AskWest));
            edges.Event("nobody", east, typeof(West.Contracts.WindTurned), 1);
        }

        // Nothing for each; what the runtime itself puts aside once is not ours.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    /// <summary>What the counter of one host was raised for.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string From, string To, string Kind, string Message)> _tags = new();

        public Counted(NeighbourHost host)
        {
            var meter = host.Services.GetRequiredService<ObservedEdges>().Meter;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Other hosts of the tests have a meter of the same name.
                if (instrument.Meter == meter && instrument.Name == "modularmonolith.boundary.undeclared")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                var values = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => (string)tag.Value!);
                for (var index = 0; index < count; index++)
                {
                    _tags.Enqueue((values["from"], values["to"], values["kind"], values["message"]));
                }
            });
            _listener.Start();
        }

        public IReadOnlyCollection<(string From, string To, string Kind, string Message)> Tags => [.. _tags];

        public void Dispose() => _listener.Dispose();
    }
}
