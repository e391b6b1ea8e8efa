using System.Data;
using System.Data.Common;
using Npgsql;

namespace Marten.Internal.Sessions;

internal partial class QuerySession
{
    /// <summary>
    /// Runs a command and reads its rows. Repeats both when the database is briefly unavailable and the session has no
    /// transaction, so <paramref name="read"/> must not have effects outside of its result.
    /// </summary>
    public async Task<TResult> ReadAsync<TResult>(NpgsqlCommand command, Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var reader = await StartReaderAsync(command, token);
                var result = await read(reader, token);
                Logger.LogSuccess(command);
                return result;
            }
            catch (Exception exception)
            {
                Logger.LogFailure(command, exception);
                if (attempt < ReadAttempts && !SessionConnection.IsShared && ExceptionTranslation.MayRepeatRead(exception))
                {
                    await Task.Delay(ExceptionTranslation.PauseBefore(attempt + 1), token);
                    continue;
                }

                var translated = ExceptionTranslation.Translate(exception, command);
                if (ReferenceEquals(translated, exception))
                    throw;
                throw translated;
            }
        }
    }

    /// <summary>As the other, for several commands in one round trip.</summary>
    public async Task<TResult> ReadAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read, CancellationToken token)
    {
        if (Options.RowSecurity.IsUsed)
            batch.BatchCommands.Insert(0, Options.RowSecurity.CreateCommand(TenantId));
        for (var attempt = 1; ; attempt++)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await OpenAsync(token);
                batch.Connection = connection;
                batch.Transaction = SessionConnection.Transaction;
                batch.Timeout = timeout;
                Logger.OnBeforeExecute(batch);
                TResult result;
                await using (var reader = await batch.ExecuteReaderAsync(token))
                {
                    if (Options.RowSecurity.IsUsed)
                        await reader.NextResultAsync(token);
                    result = await read(reader, token);
                }

                Logger.LogSuccess(batch);
                return result;
            }
            catch (Exception exception)
            {
                Logger.LogFailure(batch, exception);
                if (attempt < ReadAttempts && !SessionConnection.IsShared && ExceptionTranslation.MayRepeatRead(exception))
                {
                    await Task.Delay(ExceptionTranslation.PauseBefore(attempt + 1), token);
                    continue;
                }

                var translated = ExceptionTranslation.Translate(exception, null);
                if (ReferenceEquals(translated, exception))
                    throw;
                throw translated;
            }
            finally
            {
                if (connection is not null)
                    await GiveBackAsync(connection);
            }
        }
    }

    public async Task<DbDataReader> ExecuteReaderAsync(NpgsqlCommand command, CancellationToken token = default)
    {
        try
        {
            var reader = await StartReaderAsync(command, token);
            Logger.LogSuccess(command);
            return reader;
        }
        catch (NpgsqlException exception)
        {
            Logger.LogFailure(command, exception);
            throw ExceptionTranslation.Translate(exception, command);
        }
    }

    public async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken token = default)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await OpenAsync(token);
            Prepare(command, connection);
            var count = Options.RowSecurity.IsUsed ? await ExecuteGuardedAsync(command, token) : await command.ExecuteNonQueryAsync(token);
            Logger.LogSuccess(command);
            return count;
        }
        catch (NpgsqlException exception)
        {
            Logger.LogFailure(command, exception);
            throw ExceptionTranslation.Translate(exception, command);
        }
        finally
        {
            if (connection is not null)
                await GiveBackAsync(connection);
        }
    }

    private void Prepare(NpgsqlCommand command, NpgsqlConnection connection)
    {
        command.Connection = connection;
        command.Transaction = SessionConnection.Transaction;
        command.CommandTimeout = timeout;
        Logger.OnBeforeExecute(command);
    }

    private NpgsqlBatch Guarded(NpgsqlCommand command)
    {
        var batch = Options.RowSecurity.CreateBatch(command, TenantId);
        batch.Connection = command.Connection;
        batch.Transaction = command.Transaction;
        batch.Timeout = command.CommandTimeout;
        return batch;
    }

    /// <summary>Runs a command behind the setting that names the tenant, in one round trip.</summary>
    private async Task<int> ExecuteGuardedAsync(NpgsqlCommand command, CancellationToken token)
    {
        await using var batch = Guarded(command);
        await batch.ExecuteNonQueryAsync(token);
        return batch.BatchCommands[1].RecordsAffected;
    }

    private async Task<NpgsqlDataReader> ReadGuardedAsync(NpgsqlCommand command, CommandBehavior behavior, CancellationToken token)
    {
        var reader = await Guarded(command).ExecuteReaderAsync(behavior, token);
        try
        {
            await reader.NextResultAsync(token);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlDataReader> StartReaderAsync(NpgsqlCommand command, CancellationToken token)
    {
        var connection = await OpenAsync(token);
        var isOwn = !SessionConnection.IsShared;
        try
        {
            Prepare(command, connection);
            var behavior = isOwn ? CommandBehavior.CloseConnection : CommandBehavior.Default;
            return Options.RowSecurity.IsUsed ? await ReadGuardedAsync(command, behavior, token) : await command.ExecuteReaderAsync(behavior, token);
        }
        catch
        {
            await GiveBackAsync(connection);
            throw;
        }
    }
}
