using JasperFx;
using JasperFx.Metadata;
using Marten;
using Marten.Exceptions;
using Marten.Linq.SoftDeletes;
using Marten.Patching;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class PartitioningTests
{
    internal enum State
    {
        Open,
        Closed,
        Odd,
    }

    internal sealed class Job : IRevisioned
    {
        public Guid Id { get; set; }

        public State State { get; set; }

        public int Size { get; set; }

        public string Name { get; set; } = string.Empty;

        public int Version { get; set; }
    }

    internal sealed class Draft : IVersioned
    {
        public Guid Id { get; set; }

        public int Size { get; set; }

        public Guid Version { get; set; }
    }

    private const string Table = "mt_doc_partitioningtests_job";

    [Fact]
    public async Task Rows_are_kept_where_their_member_says()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Job>().PartitionOn(x => x.State, p => p.ByList().AddPartition("open", State.Open).AddPartition("closed", State.Closed)));
        await test.SaveAsync(s => s.Store(new Job(), new Job { State = State.Closed }, new Job { State = State.Odd }));
        foreach (var partition in new[] { "open", "closed", "default" })
            Assert.Equal(1L, await test.ScalarAsync($"select count(*) from {{0}}.{Table}_{partition}"));
        await using var session = test.Query();
        Assert.Equal(1, await session.Query<Job>().CountAsync(x => x.State == State.Closed));
        Assert.DoesNotContain("_open", (await session.Query<Job>().Where(x => x.State == State.Closed).ExplainAsync()).RelationName, StringComparison.Ordinal);
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task A_document_whose_member_changes_moves_and_stays_one()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Job>().PartitionOn(x => x.Size, p => p.ByRange().AddRange("small", 0, 10).AddRange("large", 10, 100)));
        var job = new Job { Size = 5 };
        await test.SaveAsync(s => s.Insert(job));
        job.Size = 50;
        await test.SaveAsync(s => s.Store(job));
        Assert.Equal(2, job.Version);
        job.Size = -1;
        await test.SaveAsync(s => s.Update(job));
        await AssertOneAsync(test, "default", -1, 3);
        await test.SaveAsync(s => s.Patch<Job>(job.Id).Set(x => x.Size, 7));
        await AssertOneAsync(test, "small", 7, 4);
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.UpdateRevision(new Job { Id = job.Id, Size = 60 }, 2)));
        await test.SaveAsync(s => s.TryUpdateRevision(new Job { Id = job.Id, Size = 60 }, 2));
        await AssertOneAsync(test, "small", 7, 4);
        await test.SaveAsync(s => s.TryUpdateRevision(new Job { Id = job.Id, Size = 60 }, 20));
        await AssertOneAsync(test, "large", 60, 20);
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.SaveAsync(s => s.Insert(new Job { Id = job.Id, Size = 1 })));
        await test.SaveAsync(s => s.Delete<Job>(job.Id));
        Assert.Equal(0L, await test.ScalarAsync($"select count(*) from {{0}}.{Table}"));
    }

    [Fact]
    public async Task A_version_guards_a_document_that_moves()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Draft>().PartitionOn(x => x.Size, p => p.ByHash("a", "b", "c")));
        var draft = new Draft { Size = 1 };
        await test.SaveAsync(s => s.Store(draft));
        var stale = new Draft { Id = draft.Id, Size = 3, Version = draft.Version };
        draft.Size = 2;
        await test.SaveAsync(s => s.Store(draft));
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.Store(stale)));
        Assert.Equal(2, (await test.LoadAsync<Draft>(draft.Id))!.Size);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_partitioningtests_draft"));
    }

    [Fact]
    public async Task Writers_of_one_identity_leave_one_row()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByHash("a", "b", "c", "d")));
        await test.SaveAsync(s => s.Store(new User()));
        for (var round = 0; round < 5; round++)
        {
            var id = Guid.CreateVersion7();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => test.SaveAsync(s => s.Store(new User { Id = id, Age = i }))));
            Assert.Equal(1L, await test.ScalarAsync($"select count(*) from {{0}}.mt_doc_user where id = '{id}'"));
        }
    }

    [Fact]
    public async Task Deleted_documents_have_a_partition_of_their_own_and_come_back()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Note>().SoftDeletedWithPartitioningAndIndex());
        Note[] notes = [new() { Text = "a" }, new() { Text = "b" }, new() { Text = "c" }];
        await test.SaveAsync(s => s.Store(notes));
        await test.SaveAsync(s =>
        {
            s.Delete(notes[0]);
            s.DeleteWhere<Note>(x => x.Text == "b");
        });
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note_deleted"));
        await using var session = test.Query();
        Assert.Equal(1, await session.Query<Note>().CountAsync());
        Assert.Equal(2, await session.Query<Note>().CountAsync(x => x.IsDeleted()));
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.SaveAsync(s => s.Insert(new Note { Id = notes[0].Id })));
        await test.SaveAsync(s =>
        {
            s.Store(new Note { Id = notes[0].Id, Text = "again" });
            s.UndoDeleteWhere<Note>(x => x.Text == "b");
        });
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note_deleted"));
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note"));
        Assert.Equal("again", (await test.LoadAsync<Note>(notes[0].Id))!.Text);
        await test.SaveAsync(s => s.HardDelete(notes[0]));
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note"));
    }

    [Fact]
    public async Task Storing_and_deleting_one_document_at_once_leaves_one_row()
    {
        await using var test = await TestStore.CreateAsync(o => o.Policies.AllDocumentsSoftDeletedWithPartitioning());
        var note = new Note();
        await test.SaveAsync(s => s.Store(note));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => test.SaveAsync(s =>
        {
            if (i % 3 == 0)
                s.Delete<Note>(note.Id);
            else if (i % 3 == 1)
                s.DeleteWhere<Note>(x => x.Text != "never");
            else
                s.Store(new Note { Id = note.Id, Text = "again" });
        })));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note"));
    }

    [Fact]
    public async Task Tenants_have_partitions()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Policies.PartitionMultiTenantedDocuments(p => p.ByList().AddPartition("north", "n").AddPartition("others", "e", "w"));
            o.Schema.For<User>().MultiTenanted().UniqueIndex(global::Marten.Schema.UniqueIndexType.Computed, "one_name", global::Marten.Schema.TenancyScope.PerTenant, x => x.Name);
            o.Schema.For<Ticket>().MultiTenanted().DoNotPartition();
            o.Schema.For<Page>().MultiTenantedWithPartitioning(p => p.ByHash("one", "two"));
        });
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        foreach (var tenant in new[] { "n", "e", "w", "s" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Store(new User { Name = "Ann" });
            session.Store<object>(new Ticket(), new Page());
            await session.SaveChangesAsync();
            await test.Store.BulkInsertAsync(tenant, [new User { Name = "Bob" }], BulkInsertMode.OverwriteExisting);
            Assert.Equal(2, await session.Query<User>().CountAsync());
        }

        Assert.Equal((2L, 4L, 2L), (await test.ScalarAsync("select count(*) from {0}.mt_doc_user_north"), await test.ScalarAsync("select count(*) from {0}.mt_doc_user_others"), await test.ScalarAsync("select count(*) from {0}.mt_doc_user_default")));
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from pg_class where relkind = 'p' and relnamespace = '{0}'::regnamespace"));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await test.Store.Advanced.Clean.DeleteDocumentsExceptAsync(typeof(User));
        Assert.Equal((8L, 0L), (await test.ScalarAsync("select count(*) from {0}.mt_doc_user"), await test.ScalarAsync("select count(*) from {0}.mt_doc_page")));
    }

    [Theory]
    [InlineData(BulkInsertMode.InsertsOnly)]
    [InlineData(BulkInsertMode.OverwriteExisting)]
    [InlineData(BulkInsertMode.IgnoreDuplicates)]
    public async Task Documents_that_move_are_inserted_in_bulk(BulkInsertMode mode)
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByRange().AddRange("young", 0, 30)));
        var known = new User { Age = 10 };
        await test.SaveAsync(s => s.Store(known));
        User[] users = [new User { Id = known.Id, Age = 50 }, new User { Age = 5 }];
        if (mode == BulkInsertMode.InsertsOnly)
        {
            await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.Store.BulkInsertAsync(users, mode));
            await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.Store.BulkInsertAsync([new User { Id = users[1].Id, Age = 1 }, new User { Id = users[1].Id, Age = 90 }], mode));
            await test.Store.BulkInsertAsync([new User()], mode);
        }
        else
        {
            await test.Store.BulkInsertAsync(users, mode);
        }

        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        Assert.Equal(mode == BulkInsertMode.OverwriteExisting ? 50 : 10, (await test.LoadAsync<User>(known.Id))!.Age);
    }

    [Fact]
    public async Task A_partition_is_added_to_a_table_and_an_undivided_table_is_not_divided_silently()
    {
        var schema = TestStore.NewSchema();
        await using (var first = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Name, p => p.ByList().AddPartition("a", "a")), schema))
            await first.SaveAsync(s => s.Store(new User { Name = "a" }));
        await using (var second = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Name, p => p.ByList().AddPartition("a", "a").AddPartition("b", "b", "it's")), schema))
        {
            await second.SaveAsync(s => s.Store(new User { Name = "it's" }));
            Assert.Equal(1L, await second.ScalarAsync("select count(*) from {0}.mt_doc_user_b"));
        }

        await using var other = await TestStore.CreateAsync(o => o.RegisterDocumentType<User>(), schema);
        var failure = await Assert.ThrowsAsync<MartenSchemaException>(() => other.SaveAsync(s => s.Store(new User())));
        Assert.Contains("LIST (name)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_may_be_made_by_somebody_else()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByExternallyManagedRangePartitions()));
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Store(new User())));
        await test.ExecuteAsync("create table {0}.mt_doc_user_any partition of {0}.mt_doc_user for values from (minvalue) to (maxvalue)");
        await test.SaveAsync(s => s.Store(new User()));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task What_cannot_work_on_a_divided_table_is_refused()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByHash("a"));
            o.Schema.For<Label>().ForeignKey<User>(x => x.Text!);
        });
        await Assert.ThrowsAsync<InvalidDocumentException>(() => test.SaveAsync(s => s.Store(new Label { Id = "x" })));
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByList().AddPartition("a", 1).AddPartition("a", 2))));
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByList().AddPartition("default", 1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => DocumentStore.For(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByHash())));
    }

    [Fact]
    public async Task Included_documents_of_a_page_are_those_of_its_rows()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().PartitionOn(x => x.Age, p => p.ByHash("a", "b", "c")));
        await test.SaveAsync(s => s.Store(Enumerable.Range(0, 30).Select(i => new User { Age = i, Name = $"{i}" }).ToArray()));
        await using var session = test.Query();
        var included = new List<User>();
        var page = await session.Query<User>().Include(included).On(x => x.Id).OrderBy(x => x.Age).Take(3).ToListAsync();
        Assert.Equal(page.Select(u => u.Id).Order(), included.Select(u => u.Id).Order());
    }

    private static async Task AssertOneAsync(TestStore test, string partition, int size, int version)
    {
        Assert.Equal(1L, await test.ScalarAsync($"select count(*) from {{0}}.{Table}"));
        Assert.Equal(1L, await test.ScalarAsync($"select count(*) from {{0}}.{Table}_{partition}"));
        await using var session = test.Query();
        var job = await session.Query<Job>().SingleAsync();
        Assert.Equal((size, version), (job.Size, job.Version));
    }
}
