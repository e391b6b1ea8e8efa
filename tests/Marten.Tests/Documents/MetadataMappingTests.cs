using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Linq.LastModified;
using Marten.Linq.SoftDeletes;
using Marten.Patching;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class MetadataMappingTests
{
    internal class Report
    {
        public Guid Id { get; set; }

        public string Title { get; set; } = string.Empty;

        public Guid Token { get; set; }

        public DateTimeOffset ChangedAt { get; set; }

        public DateTime? MadeAt { get; set; }

        public string? Owner { get; set; }

        public string? Cause { get; set; }

        public string? Conversation { get; set; }

        public string? Editor { get; set; }

        public string? Kind { get; set; }

        public string? Clr { get; set; }

        public Dictionary<string, object>? Extra { get; set; }

        public bool Gone { get; set; }

        public DateTimeOffset? GoneAt { get; set; }
    }

    internal sealed class YearlyReport : Report;

    internal sealed class Counted
    {
        public Guid Id { get; set; }

        public int Revision { get; set; }

        public string Text { get; set; } = string.Empty;
    }

    [Fact]
    public async Task Members_show_the_metadata_of_loaded_documents()
    {
        await using var test = await OpenAsync();
        var report = new YearlyReport { Title = "a" };
        await using (var session = test.Store.LightweightSession("north"))
        {
            (session.CorrelationId, session.CausationId, session.LastModifiedBy) = ("talk", "order", "ann");
            session.SetHeader("key", "value");
            session.Store<Report>(report);
            await session.SaveChangesAsync();
        }

        Assert.Equal(("north", "order", "talk", "ann"), (report.Owner, report.Cause, report.Conversation, report.Editor));
        await using var query = test.Store.QuerySession("north");
        var metadata = (await query.MetadataForAsync<Report>(report))!;
        foreach (var read in new[] { (await query.LoadAsync<Report>(report.Id))!, await query.Query<YearlyReport>().SingleAsync(), await query.Query<Report>().SingleAsync(), (await query.QueryAsync<Report>("where true")).Single() })
        {
            Assert.Equal((metadata.CurrentVersion, metadata.LastModified, metadata.CreatedAt.UtcDateTime), (read.Token, read.ChangedAt, read.MadeAt!.Value));
            Assert.Equal(("north", "order", "talk", "ann"), (read.Owner, read.Cause, read.Conversation, read.Editor));
            Assert.Equal(("yearly_report", "value", false, null), (read.Kind, read.Extra!["key"], read.Gone, read.GoneAt));
            Assert.StartsWith(typeof(YearlyReport).FullName!, read.Clr, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Queries_that_name_such_a_member_read_the_column()
    {
        await using var test = await OpenAsync();
        var report = new Report { Title = "a" };
        await using var session = test.Store.LightweightSession("north");
        session.LastModifiedBy = "ann";
        session.Store(report, new Report());
        await session.SaveChangesAsync();
        session.Delete(report);
        await session.SaveChangesAsync();
        Assert.True(report.Gone);
        Assert.NotNull(report.GoneAt);
        Assert.Contains("d.last_modified_by =", session.Query<Report>().Where(x => x.Editor == "ann").ToCommand().CommandText, StringComparison.Ordinal);
        Assert.Equal(1, await session.Query<Report>().CountAsync(x => x.Editor == "ann" && x.ChangedAt > DateTimeOffset.UnixEpoch && x.Owner == "north"));
        Assert.True((await session.Query<Report>().SingleAsync(x => x.IsDeleted())).Gone);
    }

    [Fact]
    public async Task A_revision_is_shown_and_guards()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Counted>().Metadata(m => m.Revision.MapTo(x => x.Revision)));
        var counted = new Counted { Text = "a" };
        await test.SaveAsync(s => s.Store(counted));
        await test.SaveAsync(s => s.Store(counted));
        Assert.Equal(2, counted.Revision);
        Assert.Equal(2, (await test.LoadAsync<Counted>(counted.Id))!.Revision);
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.UpdateRevision(counted, 1)));
    }

    [Fact]
    public async Task Bulk_insertion_shows_the_tenant()
    {
        await using var test = await OpenAsync();
        var report = new Report();
        await test.Store.BulkInsertAsync("south", [report]);
        Assert.Equal("south", report.Owner);
        await using var session = test.Store.QuerySession("south");
        Assert.Equal("south", (await session.LoadAsync<Report>(report.Id))!.Owner);
    }

    [Fact]
    public async Task Informational_columns_can_be_left_out()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Policies.DisableInformationalFields();
            o.RegisterDocumentType<User>();
        });
        var (user, page, account) = (new User { Name = "a" }, new Page(), new Account());
        await test.SaveAsync(s =>
        {
            s.Insert(user);
            s.Store<object>(page, account);
        });
        user.Name = "b";
        await test.SaveAsync(s =>
        {
            s.Store(user);
            s.Update(page);
            s.Store(account);
        });
        await test.SaveAsync(s => s.Patch<User>(user.Id).Set(x => x.Age, 4));
        foreach (var mode in new[] { BulkInsertMode.OverwriteExisting, BulkInsertMode.IgnoreDuplicates })
            await test.Store.BulkInsertAsync([user, new User()], mode);
        await test.Store.BulkInsertAsync([new User()]);
        Assert.Equal("id,data", await test.ScalarAsync("select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = '{0}.mt_doc_user'::regclass and attnum > 0"));
        Assert.Equal("id,data,mt_version", await test.ScalarAsync("select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = '{0}.mt_doc_account'::regclass and attnum > 0"));
        await using var session = test.Query();
        Assert.Equal(("b", 4L), ((await session.LoadAsync<User>(user.Id))!.Name, await session.Query<User>().LongCountAsync()));
        Assert.Equal(2, (await session.LoadAsync<Page>(page.Id))!.Version);
        Assert.Equal(account.Version, (await session.LoadAsync<Account>(account.Id))!.Version);
        Assert.Equal(default, (await session.MetadataForAsync(user))!.LastModified);
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<User>().Where(x => x.ModifiedSince(DateTimeOffset.UnixEpoch)).ToListAsync());
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.Store(new Account { Id = account.Id })));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    private static Task<TestStore> OpenAsync() => TestStore.CreateAsync(o => o.Schema.For<Report>().MultiTenanted().SoftDeleted().AddSubClass<YearlyReport>().Metadata(m =>
    {
        m.Version.MapTo(x => x.Token);
        m.LastModified.MapTo(x => x.ChangedAt);
        m.CreatedAt.Enabled = true;
        m.TenantId.MapTo(x => x.Owner!);
        m.CausationId.MapTo(x => x.Cause);
        m.CorrelationId.MapTo(x => x.Conversation);
        m.LastModifiedBy.MapTo(x => x.Editor);
        m.DocumentType.MapTo(x => x.Kind!);
        m.DotNetType.MapTo(x => x.Clr!);
        m.Headers.MapTo(x => x.Extra);
        m.IsSoftDeleted.MapTo(x => x.Gone);
        m.SoftDeletedAt.MapTo(x => x.GoneAt);
    }).Metadata(m => m.CreatedAt.MapTo(x => x.MadeAt!.Value)));
}
