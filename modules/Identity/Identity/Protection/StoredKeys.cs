using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using NpgsqlTypes;

namespace ModularMonolith.Identity.Protection;

/// <summary>
/// The key ring of data protection, in the module's schema, because all hosts on the database share it. The framework asks for it synchronously, which documents
/// cannot be, so it is a table of its own.
/// </summary>
[LocatesServices("The framework makes it before the host starts, when the store cannot be made yet.")]
internal sealed class StoredKeys(IServiceProvider services) : IXmlRepository
{
    public const string Schema = "create table if not exists protection_key (name text primary key, xml text not null, stored_at timestamptz not null default now());";

    private const int Limit = 10_000;

    // The framework makes this before the host starts, when the database need not be known yet.
    private IIdentityStore Store => services.GetRequiredService<IIdentityStore>();

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = Store.Storage.Database.CreateConnection();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select xml from protection_key order by stored_at desc limit $1";
        command.Parameters.Add(new() { Value = Limit, NpgsqlDbType = NpgsqlDbType.Integer });
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            keys.Add(XElement.Parse(reader.GetString(0)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = Store.Storage.Database.CreateConnection();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "insert into protection_key (name, xml) values ($1, $2) on conflict (name) do update set xml = excluded.xml";
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
