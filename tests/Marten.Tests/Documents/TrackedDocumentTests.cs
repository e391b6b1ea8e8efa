using JasperFx.Metadata;
using Marten;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class TrackedDocumentTests
{
    [Fact]
    public async Task A_tracked_document_shows_who_changed_it_last_and_in_which_conversation()
    {
        await using var test = await TestStore.CreateAsync();
        var letter = new Letter { Id = Guid.NewGuid(), Text = "first" };
        await SaveAsync(test, letter, "conversation 1", "cause 1", "anna");
        letter.Text = "second";
        await SaveAsync(test, letter, "conversation 2", "cause 2", "otto");

        await using var session = test.Query();
        var loaded = (await session.LoadAsync<Letter>(letter.Id))!;
        Assert.Equal(("conversation 2", "cause 2", "otto"), (loaded.CorrelationId, loaded.CausationId, loaded.LastModifiedBy));
        Assert.Equal("second", (await session.Query<Letter>().SingleAsync(x => x.LastModifiedBy == "otto")).Text);
        var metadata = (await session.MetadataForAsync(loaded))!;
        Assert.Equal(("conversation 2", "cause 2", "otto"), (metadata.CorrelationId, metadata.CausationId, metadata.LastModifiedBy));
    }

    [Fact]
    public async Task Headers_are_kept_where_the_mapping_wants_them_and_come_back_with_the_metadata()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Letter>().Metadata(m => m.Headers.Enabled = true));
        var letter = new Letter { Id = Guid.NewGuid() };
        await using (var session = test.Session())
        {
            session.SetHeader("device", "kiosk");
            session.SetHeader("attempt", 3);
            session.Store(letter);
            await session.SaveChangesAsync();
        }

        await using var query = test.Query();
        var headers = (await query.MetadataForAsync(letter))!.Headers!;
        Assert.Equal("kiosk", headers["device"]?.ToString());
        Assert.Equal("3", headers["attempt"]?.ToString());
    }

    private static async Task SaveAsync(TestStore test, Letter letter, string correlation, string causation, string user)
    {
        await using var session = test.Session();
        (session.CorrelationId, session.CausationId, session.LastModifiedBy) = (correlation, causation, user);
        session.Store(letter);
        await session.SaveChangesAsync();
    }

    internal sealed class Letter : ITracked
    {
        public Guid Id { get; set; }

        public string Text { get; set; } = string.Empty;

        public string CorrelationId { get; set; } = string.Empty;

        public string CausationId { get; set; } = string.Empty;

        public string LastModifiedBy { get; set; } = string.Empty;
    }
}
