using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;

namespace ModularMonolith.Platform.Tests;

public sealed class WorkingCopiesTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private readonly ModuleHost _host = notes.Host;

    [Fact]
    public async Task What_this_host_wrote_last_is_changed_without_being_read()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id));

        Assert.Equal("borrowed: drawn", await _host.SendAsync(new RefineSketch(id, "refined")));
        Assert.Equal("borrowed: drawn, refined", await _host.SendAsync(new RefineSketch(id, "again")));

        Assert.Equal(("drawn, refined, again", 3), await StoredAsync(id));
    }

    [Fact]
    public async Task What_another_host_has_changed_since_is_not_written_over()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id));
        await ElsewhereAsync(id, static sketch => sketch.Text = "drawn elsewhere");

        Assert.Equal("read: drawn elsewhere", await _host.SendAsync(new RefineSketch(id, "refined")));

        Assert.Equal(("drawn elsewhere, refined", 3), await StoredAsync(id));
        Assert.Equal("borrowed: drawn elsewhere, refined", await _host.SendAsync(new RefineSketch(id, "again")));
    }

    [Fact]
    public async Task What_an_old_copy_would_refuse_is_decided_on_what_is_stored()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id, IsClosed: true));
        await ElsewhereAsync(id, static sketch => sketch.IsClosed = false);

        Assert.Equal("read: drawn", await _host.SendAsync(new RefineSketch(id, "refined")));
    }

    [Fact]
    public async Task What_is_stored_like_the_copy_is_refused_like_it()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id, IsClosed: true));

        await Assert.ThrowsAsync<ProblemException>(() => _host.SendAsync(new RefineSketch(id, "refined")));

        Assert.Equal(("drawn", 1), await StoredAsync(id));
    }

    [Fact]
    public async Task A_command_that_may_not_run_again_reads()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id));

        Assert.Equal("read: drawn", await _host.SendAsync(new RefineSketchOnce(id, "refined")));
    }

    [Fact]
    public async Task Parallel_changes_of_one_copy_lose_none()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new DrawSketch(id));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => _host.SendAsync(new RefineSketch(id, number.ToString(CultureInfo.InvariantCulture)))));

        var (text, version) = await StoredAsync(id);
        Assert.Equal(5, version);
        Assert.Equal(["0", "1", "2", "3", "drawn"], text.Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_not_written_for_long_makes_room()
    {
        var copies = new WorkingCopies<INotesStore>();
        var first = Guid.NewGuid();
        copies.Keep(first, new Sketch { Id = first });

        for (var count = 1; count < WorkingCopies<INotesStore>.GenerationSize; count++)
        {
            copies.Keep(Guid.NewGuid(), new Sketch());
        }

        var last = Guid.NewGuid();
        copies.Keep(last, new Sketch { Id = last });
        Assert.NotNull(copies.Find<Sketch>(first));

        for (var count = 0; count < WorkingCopies<INotesStore>.GenerationSize; count++)
        {
            copies.Keep(Guid.NewGuid(), new Sketch());
        }

        Assert.Null(copies.Find<Sketch>(first));
        Assert.NotNull(copies.Find<Sketch>(last));
    }

    [Fact]
    public void Everybody_gets_a_copy_of_their_own()
    {
        var copies = new WorkingCopies<INotesStore>();
        var id = Guid.NewGuid();
        copies.Keep(id, new Sketch { Text = "kept" });

        copies.Find<Sketch>(id)!.Text = "changed";

        Assert.Equal("kept", copies.Find<Sketch>(id)!.Text);
    }

    private async Task ElsewhereAsync(Guid id, Action<Sketch> change)
    {
        await using var session = _host.Services.GetRequiredService<INotesStore>().LightweightSession();
        var sketch = (await session.LoadAsync<Sketch>(id))!;
        change(sketch);
        session.UpdateRevision(sketch, sketch.Version + 1);
        await session.SaveChangesAsync();
    }

    private async Task<(string Text, int Version)> StoredAsync(Guid id)
    {
        await using var session = _host.Services.GetRequiredService<INotesStore>().QuerySession();
        var sketch = (await session.LoadAsync<Sketch>(id))!;
        return (sketch.Text, sketch.Version);
    }
}
