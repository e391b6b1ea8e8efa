using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events;

namespace ModularMonolith.Marten.Tests.Events;

internal readonly record struct StudentId(Guid Value);

internal sealed record CourseId(string Value);

internal sealed record Enrolled(string Name);

internal sealed record EnrolledIn(StudentId Student, CourseId Course);

internal sealed record Dropped(string Why);

internal sealed class Enrollment
{
    public Guid Id { get; set; }

    public List<string> Names { get; set; } = [];

    public int Count { get; set; }

    public void Apply(Enrolled enrolled)
    {
        Names.Add(enrolled.Name);
        Count++;
    }

    public void Apply(EnrolledIn enrolled) => Count += enrolled.Course.Value.Length > 0 ? 1 : 0;

    public void Apply(Dropped dropped) => Count -= dropped.Why.Length > 0 ? 1 : 0;
}

/// <summary>Events that are found by their tags, and decisions about them.</summary>
public sealed class TagTests
{
    [Theory]
    [InlineData(EventAppendMode.Rich, TenancyStyle.Single)]
    [InlineData(EventAppendMode.Quick, TenancyStyle.Conjoined)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, TenancyStyle.Single)]
    public async Task Events_of_all_streams_are_found_by_their_tags(EventAppendMode mode, TenancyStyle tenancy)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            o.Events.TenancyStyle = tenancy;
        });
        var (ada, bob) = (new StudentId(Guid.CreateVersion7()), new StudentId(Guid.CreateVersion7()));
        var (math, art) = (new CourseId("math"), new CourseId("it's art; --"));
        var stream = Guid.CreateVersion7();
        await using var session = test.Session();
        session.Events.StartStream(stream, Tagged(session, new Enrolled("Ada"), ada, math), new Enrolled("nobody"));
        await session.SaveChangesAsync();
        session.Events.StartStream(Guid.CreateVersion7(), Tagged(session, new Enrolled("Bob"), bob, math));
        await session.SaveChangesAsync();
        session.Events.Append(stream, [.. Enumerable.Range(0, 12).Select(i => (object)Tagged(session, new Dropped($"{i}"), ada, art))]);
        session.Events.Append(stream, Tagged(session, new Dropped("too"), ada));
        await session.SaveChangesAsync();

        Assert.Equal(14, (await session.Events.QueryByTagsAsync(EventTagQuery.For(ada))).Count);
        Assert.Equal(["Ada", "Bob"], (await session.Events.QueryByTagsAsync(EventTagQuery.For(math))).Select(e => ((Enrolled)e.Data).Name));
        Assert.Equal(15, (await session.Events.QueryByTagsAsync(new EventTagQuery().Or(ada).Or(math))).Count);
        Assert.Equal(13, (await session.Events.QueryByTagsAsync(new EventTagQuery().Or<Dropped, StudentId>(ada))).Count);
        Assert.Equal(["Ada", "Bob"], (await session.Events.QueryByTagsAsync(EventTagQuery.For(ada).AndEventsOfType<Enrolled, EnrolledIn>().Or<Enrolled, StudentId>(bob))).Select(e => ((Enrolled)e.Data).Name));
        var sequences = (await session.Events.QueryByTagsAsync(EventTagQuery.For(ada))).Select(e => e.Sequence).ToList();
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal((1 - 13, "Ada"), (await session.Events.AggregateByTagsAsync<Enrollment>(EventTagQuery.For(ada))) is { } found ? (found.Count, found.Names[0]) : default);
        Assert.Null(await session.Events.AggregateByTagsAsync<Enrollment>(EventTagQuery.For(new CourseId("none"))));
        Assert.True(await session.Events.EventsExistAsync(EventTagQuery.For(art)));
        Assert.False(await session.Events.EventsExistAsync(EventTagQuery.For(bob).AndEventsOfType<Dropped>()));

        if (tenancy == TenancyStyle.Conjoined)
        {
            await using var other = test.Store.LightweightSession("other");
            Assert.False(await other.Events.EventsExistAsync(EventTagQuery.For(math)));
        }

        session.Events.ArchiveStream(stream);
        await session.SaveChangesAsync();
        Assert.Equal(["Bob"], (await session.Events.QueryByTagsAsync(EventTagQuery.For(math))).Select(e => ((Enrolled)e.Data).Name));
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData(EventAppendMode.Rich)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    public async Task Sixteen_writers_never_fill_a_course_beyond_its_places(EventAppendMode mode)
    {
        await using var test = await CreateAsync(o => o.Events.AppendMode = mode);
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var course = new CourseId("small");
        var (enrolled, refused, collided) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            while (true)
            {
                await using var session = test.Session();
                var boundary = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(course));
                if ((boundary.Aggregate?.Count ?? 0) >= 5)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }

                boundary.AppendOne(new EnrolledIn(new StudentId(Guid.CreateVersion7()), course));
                try
                {
                    await session.SaveChangesAsync();
                    Interlocked.Increment(ref enrolled);
                    return;
                }
                catch (DcbConcurrencyException exception)
                {
                    Assert.Equal(boundary.LastSeenSequence, exception.LastSeenSequence);
                    Interlocked.Increment(ref collided);
                }
            }
        }));
        Assert.Equal((5, 11), (enrolled, refused));
        Assert.True(collided > 0);
        Assert.Equal(5L, await test.ScalarAsync("select count(*) from {0}.mt_event_tag_course"));
    }

    [Fact]
    public async Task A_plain_append_of_a_tagged_event_is_noticed_and_one_with_another_tag_is_not()
    {
        await using var test = await CreateAsync();
        var (math, art) = (new CourseId("math"), new CourseId("art"));
        await using var session = test.Session();
        var boundary = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(math).AndEventsOfType<Enrolled>());
        Assert.Equal((null, 0L, 0), (boundary.Aggregate, boundary.LastSeenSequence, boundary.Events.Count));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("x"), art), Tagged(s, new Dropped("y"), math), new Enrolled("z")));
        session.Events.StartStream(Guid.CreateVersion7(), Tagged(session, new Enrolled("mine"), math));
        await session.SaveChangesAsync();

        var later = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(math).AndEventsOfType<Enrolled>());
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("theirs"), math)));
        session.Store(new Shelved { Id = Guid.CreateVersion7() });
        session.Events.StartStream(Guid.CreateVersion7(), new Enrolled("untagged, decided on stale events"));
        var exception = await Assert.ThrowsAsync<DcbConcurrencyException>(() => session.SaveChangesAsync());
        Assert.Equal((later.LastSeenSequence, 1), (exception.LastSeenSequence, exception.Query.Conditions.Count));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_shelved"));
    }

    [Fact]
    public async Task An_event_that_was_committed_late_with_a_small_number_is_noticed()
    {
        await using var test = await CreateAsync(o => o.Events.AppendMode = EventAppendMode.Rich);
        var (math, ada) = (new CourseId("math"), new StudentId(Guid.CreateVersion7()));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("before"), math, ada)));

        // The slow writer draws its number and waits; another one gets a later number and is faster.
        await test.ExecuteAsync("select nextval('{0}.mt_events_sequence')");
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("fast"), math)));
        await using var session = test.Session();
        var boundary = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(math));
        Assert.Equal(3, boundary.LastSeenSequence);
        await test.ExecuteAsync("insert into {0}.mt_events (seq_id, id, stream_id, version, data, type) select 2, gen_random_uuid(), stream_id, 9, data, type from {0}.mt_events where seq_id = 1; insert into {0}.mt_event_tag_course (value, seq_id) values ('math', 2)");
        boundary.AppendOne(Tagged(session, new Enrolled("mine"), ada, math));
        await Assert.ThrowsAsync<DcbConcurrencyException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task Events_of_a_boundary_go_to_the_stream_that_a_tag_names()
    {
        await using var test = await CreateAsync();
        var (ada, math) = (new StudentId(Guid.CreateVersion7()), new CourseId("math"));
        await using var session = test.Session();
        var boundary = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(ada));
        boundary.AppendMany(new EnrolledIn(ada, math), Tagged(session, new Enrolled("Ada"), math, ada));
        Assert.Throws<InvalidOperationException>(() => boundary.AppendOne(new Enrolled("untagged")));
        Assert.Throws<InvalidOperationException>(() => boundary.AppendOne(Tagged(session, new Enrolled("only a text"), math)));
        await session.SaveChangesAsync();
        Assert.Equal(2, (await session.Events.FetchStreamAsync(ada.Value)).Count);
        Assert.Equal(2, (await session.Events.QueryByTagsAsync(EventTagQuery.For(math))).Count);
    }

    [Fact]
    public async Task Boundaries_and_existence_are_read_in_a_batch()
    {
        await using var test = await CreateAsync();
        var math = new CourseId("math");
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("Ada"), math)));
        await using var session = test.Session();
        var before = session.RequestCount;
        var batch = session.CreateBatchQuery();
        var exists = batch.Events.EventsExist(EventTagQuery.For(math));
        var reading = batch.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(math));
        await batch.Execute();
        Assert.Equal((true, before + 1), (await exists, session.RequestCount));
        var boundary = await reading;
        Assert.Equal((1, 1L), (boundary.Aggregate!.Count, boundary.LastSeenSequence));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("Bob"), math)));
        boundary.AppendOne(new EnrolledIn(new StudentId(Guid.CreateVersion7()), math));
        await Assert.ThrowsAsync<DcbConcurrencyException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task Stored_events_get_tags_by_a_condition()
    {
        await using var test = await CreateAsync();
        var (first, old) = (Guid.CreateVersion7(), new CourseId("old"));
        await test.SaveAsync(s => s.Events.StartStream(first, new Enrolled("Ada"), new Dropped("x")));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Enrolled("Bob")));
        await using var session = test.Session();
        var boundary = await session.Events.FetchForWritingByTags<Enrollment>(EventTagQuery.For(old));
        for (var i = 0; i < 2; i++)
        {
            await test.SaveAsync(s => s.Events.AssignTagWhere(e => e.StreamId == first && e.EventTypesAre(typeof(Enrolled)) || e.Sequence == 3, old));
            Assert.Equal([1L, 3L], (await session.Events.QueryByTagsAsync(EventTagQuery.For(old))).Select(e => e.Sequence));
        }

        boundary.AppendOne(new EnrolledIn(new StudentId(first), old));
        await Assert.ThrowsAsync<DcbConcurrencyException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task Unknown_types_and_empty_queries_are_refused()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            Assert.Equal(("student_id", typeof(Guid)), (o.Events.RegisterTagType<StudentId>().TableSuffix, o.Events.TagTypes[0].SimpleType));
            Assert.Same(o.Events.TagTypes[0], o.Events.RegisterTagType<StudentId>());
            Assert.Throws<InvalidOperationException>(() => o.Events.RegisterTagType<StudentId>("other"));
            Assert.Throws<InvalidOperationException>(() => o.Events.RegisterTagType<CourseId>("student_id"));
            Assert.Equal(typeof(Enrollment), o.Events.TagTypes[0].ForAggregate<Enrollment>().AggregateType);
        });
        await using var session = test.Session();
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.QueryByTagsAsync(EventTagQuery.For(new CourseId("x"))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.QueryByTagsAsync(new EventTagQuery()));
        Assert.Throws<InvalidOperationException>(() => new EventTagQuery().AndEventsOfType<Enrolled>());
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), Tagged(s, new Enrolled("x"), new CourseId("x")))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Store.BulkInsertEventsAsync([StreamAction.Start(Guid.CreateVersion7(), Event.For(new Enrolled("x")).WithTag(new StudentId(Guid.CreateVersion7())))]));
    }

    [Fact]
    public async Task The_wrapped_identity_of_a_projection_is_a_type_of_tags()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Add(new PurseProjection(), ProjectionLifecycle.Live);
        });
        await test.SaveAsync(s => s.Events.StartStream("other", Tagged(s, new MoneyDeposited(3), new WalletKey("mine"))));
        await using var session = test.Session();
        Assert.Single(await session.Events.QueryByTagsAsync(EventTagQuery.For(new WalletKey("mine"))));
    }

    private static IEvent Tagged(IDocumentSession session, object body, params object[] tags) => session.Events.BuildEvent(body).WithTag(tags);

    private static Task<TestStore> CreateAsync(Action<StoreOptions>? configure = null) => TestStore.CreateAsync(o =>
    {
        o.Events.RegisterTagType<StudentId>("student");
        o.Events.RegisterTagType<CourseId>("course").ForAggregate<Enrollment>();
        configure?.Invoke(o);
    });
}
