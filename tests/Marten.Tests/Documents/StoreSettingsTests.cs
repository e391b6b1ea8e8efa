using JasperFx.MultiTenancy;
using Marten;
using Marten.Exceptions;
using Marten.Services;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class StoreSettingsTests
{
    [Fact]
    public async Task The_default_tenant_can_be_forbidden()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Advanced.DefaultTenantUsageEnabled = false;
            o.Policies.AllDocumentsAreMultiTenanted();
        });
        Assert.Throws<DefaultTenantUsageDisabledException>(() => test.Session());
        Assert.Throws<DefaultTenantUsageDisabledException>(() => test.Query());
        await Assert.ThrowsAsync<DefaultTenantUsageDisabledException>(() => test.Store.BulkInsertAsync([new User()]));
        await using var allowed = test.Store.LightweightSession(new SessionOptions { AllowAnyTenant = true });
        allowed.ForTenant("a").Store(new User());
        await allowed.SaveChangesAsync();
        await using var own = test.Store.LightweightSession("a");
        Assert.Equal(1, await own.Query<User>().CountAsync());
    }

    [Fact]
    public async Task Tenants_are_spelled_in_the_style_of_the_store()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.TenantIdStyle = TenantIdStyle.ForceUpperCase;
            o.Policies.AllDocumentsAreMultiTenanted();
        });
        await test.Store.BulkInsertAsync("north", [new User()]);
        await using var session = test.Store.LightweightSession("North");
        Assert.Equal("NORTH", session.TenantId);
        session.ForTenant("soUth").Store(new User());
        await session.SaveChangesAsync();
        Assert.Equal(1, await session.Query<User>().CountAsync());
        Assert.Equal(1, await session.ForTenant("south").Query<User>().CountAsync());
        Assert.Equal(2, await session.Query<User>().CountAsync(x => x.TenantIsOneOf("north", "SOUTH")));
        Assert.Equal("*DEFAULT*", test.Query().TenantId);
    }

    [Fact]
    public async Task The_serializer_and_the_data_source_are_changed_when_the_store_is_built()
    {
        var connectionString = await TestStore.ConnectionStringAsync();
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Connection(connectionString);
            o.ConfigureNpgsqlDataSourceBuilder(b => b.ConnectionStringBuilder.ApplicationName = "mine");
            o.Advanced.ModifySerializer(s => ((SystemTextJsonSerializer)s).Casing = Casing.SnakeCase);
            o.UseSystemTextJsonForSerialization();
        });
        await test.SaveAsync(s => s.Store(new User { Email = "a" }));
        Assert.Equal("a", await test.ScalarAsync("select data ->> 'email' from {0}.mt_doc_user"));
        await using var session = test.Query();
        Assert.Equal("mine", (await session.AdvancedSql.QueryAsync<string>("select current_setting('application_name')", default)).Single());
    }

    [Fact]
    public void The_defaults_of_version_8_can_be_restored()
    {
        var options = new StoreOptions();
        options.RestoreV8Defaults();
        Assert.Equal((JasperFx.Events.EventAppendMode.Rich, false, false, false), (options.Events.AppendMode, options.Events.UseIdentityMapForAggregates, options.Events.EnableBigIntEvents, options.Events.EnableAdvancedAsyncTracking));
    }

    [Fact]
    public async Task The_data_of_one_tenant_is_deleted_and_that_of_others_stays()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Policies.AllDocumentsAreMultiTenanted();
            o.Schema.For<Note>().SingleTenanted();
            o.Schema.For<Label>().ForeignKey<User>(x => x.Text!);
            o.Schema.For<User>().Identity(x => x.Name);
            o.Events.TenancyStyle = TenancyStyle.Conjoined;
            o.Events.StreamIdentity = JasperFx.Events.StreamIdentity.AsString;
        });
        foreach (var tenant in new[] { "a", "b" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Store(new User { Name = "Ann" });
            session.Store(new Label { Id = "l", Text = "Ann" });
            session.Store(new Note());
            session.Events.StartStream("s", new Label());
            await session.SaveChangesAsync();
        }

        await test.Store.Advanced.DeleteAllTenantDataAsync("a", default);
        await test.Store.Advanced.DeleteAllTenantDataAsync("nobody", default);
        foreach (var (tenant, count) in new[] { ("a", 0), ("b", 1) })
        {
            await using var session = test.Store.LightweightSession(tenant);
            Assert.Equal((count, count, 2), (await session.Query<User>().CountAsync(), await session.Query<Label>().CountAsync(), await session.Query<Note>().CountAsync()));
            Assert.Equal(count, (await session.Events.FetchStreamAsync("s")).Count);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Advanced.DeleteAllTenantDataAsync(" ", default));
    }

    [Fact]
    public void The_options_tell_about_document_types()
    {
        var options = new StoreOptions { DatabaseSchemaName = "sales" };
        options.Schema.For<User>().SoftDeleted();
        Assert.Equal(("sales.mt_doc_user", "mt_doc_user"), (options.For(typeof(User)), options.For(typeof(User), false)));
        options.AssertDocumentTypeIsSoftDeleted(typeof(User));
        Assert.Throws<InvalidOperationException>(() => options.AssertDocumentTypeIsSoftDeleted(typeof(Label)));
    }

    [Fact]
    public async Task The_serializer_writes_parameters_and_reads_json_as_it_is()
    {
        await using var test = await TestStore.CreateAsync();
        var serializer = new SystemTextJsonSerializer();
        serializer.UseTypeInfoResolver(new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver());
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        serializer.WriteToCleanJson(buffer, new Label { Id = "x" });
        using var written = serializer.JsonDocumentFromJson(new MemoryStream(buffer.WrittenSpan.ToArray()));
        Assert.Equal("x", written.RootElement.GetProperty("Id").GetString());
        await using var command = test.DataSource.CreateCommand("select $1, $2::jsonb");
        foreach (var value in new[] { new Label { Id = "y" }, null })
        {
            var parameter = new Npgsql.NpgsqlParameter();
            serializer.WriteToParameter(parameter, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        using var read = serializer.JsonDocumentFromJson(reader, 0);
        Assert.Equal("y", read.RootElement.GetProperty("Id").GetString());
        Assert.True(reader.IsDBNull(1));
    }
}
