using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Http;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Platform.Tests.Audit;

/// <summary>The chain: what gets into it, in which order, and what is found when somebody with all rights has changed it.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private ChainDatabase _chain = null!;

    public async Task InitializeAsync() => _chain = await ChainDatabase.CreateAsync();

    public Task DisposeAsync() => _chain.DisposeAsync().AsTask();

    [Fact]
    public async Task Entries_get_consecutive_positions_and_hashes_that_are_computed_the_same_outside_of_the_database()
    {
        var awkward = "quote \" backslash \\ tab \t line \n\r\b\f bell \u0007 delete \u007f line separator \u2028 é € 日本 🧾 </script>";
        await using (var command = _chain.Source.CreateCommand("insert into audit.pending (id, entry) values (gen_random_uuid(), $1)"))
        {
            var note = AuditNote.Serialize("notes", awkward, new AuditOrigin { Place = awkward, Subject = awkward, UserAgent = awkward, Address = "2001:db8::1" }, Changes(awkward), awkward);
            command.Parameters.Add(new NpgsqlParameter { Value = note, NpgsqlDbType = NpgsqlDbType.Jsonb });
            await command.ExecuteNonQueryAsync();
        }

        await _chain.GrowAsync(3);

        Assert.Equal("1,2,3,4", await _chain.ScalarAsync("select string_agg(position::text, ',' order by position) from audit.entry"));
        Assert.Equal((true, 4, null, null), await _chain.VerifyAsync());
        Assert.Equal((true, 4, null, null), await _chain.VerifyAsync(await _chain.HeadAsync()));
        var stored = Assert.Single(await _chain.Reader.ListAsync(new AuditFilter(awkward, null, awkward, null, null, null, null), null, 10, CancellationToken.None)).ToRecord();
        Assert.Equal((awkward, awkward, awkward), (stored.Subject, stored.UserAgent, Assert.Single(stored.Changes).Id));
        var details = await _chain.Reader.ShowAsync(stored.Id, CancellationToken.None);
        Assert.Equal(new string('0', 64), details!.PreviousHash);
        Assert.Equal(
            stored.Hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. Convert.FromHexString(details.PreviousHash), .. System.Text.Encoding.UTF8.GetBytes(details.Canonical)])));
    }

    [Fact]
    public async Task An_entry_whose_transaction_ends_late_is_sealed_late_and_holds_nothing_up()
    {
        await using var slow = await _chain.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using var early = new NpgsqlCommand("""insert into audit.pending (id, entry) values (gen_random_uuid(), '{"operation": "Early"}')""", slow, transaction);
        await early.ExecuteNonQueryAsync();
        await _chain.GrowAsync(1, "Late");
        Assert.Equal("1Late", await _chain.PositionsAsync());

        await transaction.CommitAsync();
        await _chain.GrowAsync(1, "Last");

        Assert.Equal("1Late,2Early,3Last", await _chain.PositionsAsync());
        Assert.True((await _chain.VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task Sealers_that_run_at_once_leave_one_chain_with_every_entry_once()
    {
        await _chain.AppendAsync(2_000);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            while (await _chain.ScalarAsync("select count(*) from audit.pending") is > 0L)
            {
                await _chain.SealAsync(50);
            }
        }));

        Assert.Equal((true, 2_000, null, null), await _chain.VerifyAsync());
        Assert.Equal(2_000L, await _chain.ScalarAsync("select count(distinct id) from audit.entry"));
    }

    [Fact]
    public async Task A_sealer_that_dies_has_done_nothing_and_the_next_one_goes_on()
    {
        await _chain.GrowAsync(2);
        await _chain.AppendAsync(5);
        await using (var dying = await _chain.Source.OpenConnectionAsync())
        {
            await using var transaction = await dying.BeginTransactionAsync();
            await using var seal = new NpgsqlCommand("select sealed from audit.seal(1000)", dying, transaction);
            Assert.Equal(5, await seal.ExecuteScalarAsync());
            Assert.Equal(0, await _chain.SealAsync());
            await _chain.RunAsync($"select pg_terminate_backend({dying.ProcessID}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
        }

        Assert.Equal(5, await _chain.SealAsync());
        Assert.Equal((true, 7, null, null), await _chain.VerifyAsync());
    }

    [Theory]
    [InlineData("update audit.entry set subject = 'ben' where position = 4", 4)]
    [InlineData("update audit.entry set subject = null, client = subject where position = 4", 4)]
    [InlineData("update audit.entry set recorded_at = recorded_at + interval '1 microsecond' where position = 4", 4)]
    [InlineData("update audit.entry set changes = replace(changes, 'stored', 'deleted') where position = 4", 4)]
    [InlineData("update audit.entry set hash = sha256(hash) where position = 4", 4)]
    [InlineData("delete from audit.entry where position = 4", 4)]
    [InlineData("delete from audit.entry where position = 4; update audit.entry set position = position - 1 where position > 4", 4)]
    [InlineData("update audit.entry set position = 100 where position = 4; update audit.entry set position = 4 where position = 5; update audit.entry set position = 5 where position = 100", 4)]
    [InlineData("delete from audit.entry where position = 1", 1)]
    [InlineData("delete from audit.entry where position >= 8", 8)]
    [InlineData("insert into audit.entry select (jsonb_populate_record(e, '{\"position\": 11}')).* from audit.entry e where position = 10", 11)]
    [InlineData("update audit.chain set hash = sha256(hash)", 10)]
    [InlineData("update audit.chain set removed_position = 3", 4)]
    public async Task What_was_changed_behind_the_hosts_back_is_found_at_its_first_position(string falsification, long position)
    {
        await _chain.GrowAsync(10);
        Assert.True((await _chain.VerifyAsync()).IsIntact);

        await _chain.RunAsync(falsification);

        var (isIntact, _, bad, finding) = await _chain.VerifyAsync();
        Assert.Equal((false, position), (isIntact, bad));
        Assert.NotNull(finding);
    }

    [Fact]
    public async Task A_head_that_was_kept_elsewhere_finds_a_chain_that_was_cut_or_written_anew()
    {
        await _chain.GrowAsync(10);
        var kept = await _chain.HeadAsync();
        await _chain.RunAsync("delete from audit.entry where position > 7; update audit.chain set (position, hash) = (select position, hash from audit.entry where position = 7)");

        Assert.True((await _chain.VerifyAsync()).IsIntact);
        var (isIntact, _, bad, finding) = await _chain.VerifyAsync(kept);
        Assert.Equal((false, 10L), (isIntact, bad));
        Assert.Contains("removed", finding, StringComparison.Ordinal);

        await _chain.GrowAsync(5);
        Assert.True((await _chain.VerifyAsync()).IsIntact);
        Assert.Contains("anew", (await _chain.VerifyAsync(kept)).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_chain_is_verified_in_parts_to_its_end()
    {
        await _chain.GrowAsync((2 * AuditVerifier.PartSize) + 1);
        Assert.Equal((true, (2 * AuditVerifier.PartSize) + 1, null, null), await _chain.VerifyAsync());

        await _chain.RunAsync($"update audit.entry set place = '' where position = {(2 * AuditVerifier.PartSize) + 1}");
        Assert.Equal((2 * AuditVerifier.PartSize) + 1, (await _chain.VerifyAsync()).BadPosition);
    }

    [Fact]
    public async Task Entries_past_their_time_are_removed_from_the_beginning_and_the_rest_can_be_verified()
    {
        await _chain.RunAsync("update audit.chain set keep_days = 30");
        await AppendAgedAsync(40, 35, 31, 20, 50, 1);
        Assert.Equal(6, await _chain.SealAsync(6));
        var old = (string)(await _chain.ScalarAsync("select position || ':' || encode(hash, 'hex') from audit.entry where position = 3"))!;
        var removed = (string)(await _chain.ScalarAsync("select position || ':' || encode(hash, 'hex') from audit.entry where position = 4"))!;

        // The older ones are sealed first, so four are past their time.
        Assert.Equal(4, await _chain.ScalarAsync("select audit.retain()"));
        Assert.Equal(0, await _chain.ScalarAsync("select audit.retain()"));

        Assert.Equal(2L, await _chain.ScalarAsync("select count(*) from audit.resource"));
        Assert.Equal((true, 2, null, null), await _chain.VerifyAsync());
        Assert.Equal((true, 2, null, null), await _chain.VerifyAsync(removed));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _chain.VerifyAsync(old));
        Assert.Equal(ProblemTypes.IllegalState, refused.Type);

        await _chain.GrowAsync(1);
        Assert.Equal((true, 3, null, null), await _chain.VerifyAsync());
        await _chain.RunAsync("update audit.chain set keep_days = null");
        Assert.Equal(0, await _chain.ScalarAsync("select audit.retain()"));
    }

    [Fact]
    public async Task A_chain_whose_entries_were_all_removed_goes_on_where_it_ended()
    {
        await _chain.RunAsync("update audit.chain set keep_days = 1");
        await AppendAgedAsync(3, 2);
        await _chain.SealAsync();
        Assert.Equal(2, await _chain.ScalarAsync("select audit.retain()"));
        Assert.Equal((true, 0, null, null), await _chain.VerifyAsync());

        await _chain.GrowAsync(1);
        Assert.Equal("3Change", await _chain.PositionsAsync());
        Assert.Equal((true, 1, null, null), await _chain.VerifyAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"changes": 5, "changeCount": "many", "operation": {"a": 1}}""")]
    [InlineData("""{"changes": [1, null, "text", [], {"id": null}, {"id": 7}, {"id": "x"}, {"id": "x"}], "changeCount": 1e30}""")]
    [InlineData("""{"changes": {"id": "x"}, "changeCount": -1, "subject": []}""")]
    public async Task Whatever_a_module_appends_is_sealed(string entry)
    {
        await _chain.RunAsync($"insert into audit.pending (id, entry) values ('00000000-0000-0000-0000-000000000000', '{entry}'), ('00000000-0000-0000-0000-000000000000', '{entry}')");
        await _chain.GrowAsync(1);

        Assert.Equal((true, 3, null, null), await _chain.VerifyAsync());
        Assert.Equal(3, (await _chain.Reader.ListAsync(new AuditFilter(null, null, null, null, null, null, null), null, 10, CancellationToken.None)).Select(static stored => stored.ToRecord()).Count());
    }

    [Fact]
    public async Task A_text_with_too_many_characters_is_cut_and_not_refused()
    {
        var endless = string.Concat(Enumerable.Repeat("🧾", 10_000));
        var note = AuditNote.Serialize("notes", "Change", new AuditOrigin { Place = endless, UserAgent = "\0" + endless, Subject = "a" + endless, Address = "\ud83e" }, Changes(endless));
        await using (var command = _chain.Source.CreateCommand("insert into audit.pending (id, entry) values (gen_random_uuid(), $1)"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = note, NpgsqlDbType = NpgsqlDbType.Jsonb });
            await command.ExecuteNonQueryAsync();
        }

        await _chain.SealAsync();
        Assert.Equal((true, 1, null, null), await _chain.VerifyAsync());
    }

    private static ChangeList Changes(string id)
    {
        var changes = new ChangeList();
        changes.Add("note", id, "stored");
        return changes;
    }

    private async Task AppendAgedAsync(params int[] days)
    {
        foreach (var age in days)
        {
            await _chain.RunAsync($$"""
                insert into audit.pending (id, recorded_at, entry) values (gen_random_uuid(), clock_timestamp() - interval '{{age}} days', '{"changes": [{"type": "note", "id": "{{age}}"}]}')
                """);
        }
    }
}
