using Microsoft.Extensions.Configuration;

namespace McpSessions.Hosting;

/// <summary>Reads a server from configuration, in the shape that <c>mcp.json</c> has everywhere. What it doesn't know is other programs' business.</summary>
internal static class DefinitionReader
{
    private const string Servers = "mcpServers";

    /// <summary>The servers' own sections. What else stands beside <c>mcpServers</c> in an application's configuration is no server.</summary>
    public static IEnumerable<IConfigurationSection> ServersOf(IConfiguration configuration)
    {
        var inner = configuration.GetSection(Servers);
        var servers = configuration is IConfigurationSection && !inner.Exists() ? configuration : inner;
        return servers.GetChildren().Where(static server => !IsDisabled(server));
    }

    public static void Read(IConfigurationSection server, McpServerDefinition definition)
    {
        var problems = definition.Problems;
        definition.Type = Text(server, "type", problems) ?? Text(server, "transport", problems);
        definition.Command = Text(server, "command", problems);
        definition.WorkingDirectory = Text(server, "cwd", problems);
        definition.Url = Text(server, "url", problems);
        definition.WarmUp = Flag(server, "warmUp", definition.WarmUp, problems);
        definition.InheritEnvironment = Flag(server, "inheritEnvironment", definition.InheritEnvironment, problems);
        foreach (var argument in Children(server, "args", "a list of texts", problems))
        {
            definition.Arguments.Add(argument.Value ?? "");
        }

        foreach (var fallback in Children(server, "fallbacks", "a list of server names", problems))
        {
            definition.Fallbacks.Add(fallback.Value ?? "");
        }

        foreach (var variable in Children(server, "env", "an object of texts", problems))
        {
            definition.Environment[variable.Key] = variable.Value ?? "";
        }

        foreach (var header in Children(server, "headers", "an object of texts", problems))
        {
            definition.Headers[header.Key] = header.Value ?? "";
        }
    }

    // Other programs' way to switch a server off without deleting it.
    private static bool IsDisabled(IConfigurationSection server) => bool.TryParse(server["disabled"], out var disabled) && disabled;

    private static string? Text(IConfigurationSection server, string name, List<string> problems)
    {
        var setting = server.GetSection(name);
        if (setting.GetChildren().Any())
        {
            problems.Add($"its '{name}' must be a text.");
        }

        return setting.Value;
    }

    private static bool Flag(IConfigurationSection server, string name, bool otherwise, List<string> problems)
    {
        if (string.IsNullOrEmpty(server[name]))
        {
            return otherwise;
        }

        if (!bool.TryParse(server[name], out var flag))
        {
            problems.Add($"its '{name}' must be true or false.");
        }

        return flag;
    }

    private static List<IConfigurationSection> Children(IConfigurationSection server, string name, string expected, List<string> problems)
    {
        var setting = server.GetSection(name);
        var children = setting.GetChildren().ToList();
        if ((children.Count == 0 && !string.IsNullOrEmpty(setting.Value)) || children.Exists(static child => child.GetChildren().Any()))
        {
            problems.Add($"its '{name}' must be {expected}.");
        }

        return children;
    }
}
