namespace McpSessionAnalyzers.Package.Tests;

/// <summary>The build for .NET 8, in a program for .NET 8: that it restores, compiles and finds every member that it calls.</summary>
public sealed class OlderFrameworkTests(PackedPackages packages)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net8.0</TargetFramework>
            <RollForward>Major</RollForward>
            <UseAppHost>false</UseAppHost>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="McpSessions" Version="$(Version)" />
            <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="10.0.14" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using System.Reflection;
        using System.Runtime.CompilerServices;
        using System.Runtime.Versioning;
        using McpSessions;
        using Microsoft.Extensions.DependencyInjection;

        // The runtime's own compiler complains where a member is missing that a method calls.
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var library = typeof(SharedMcpSession).Assembly;
        var methods = library.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
            .Where(method => !method.IsAbstract && !method.ContainsGenericParameters && method.GetMethodBody() is not null).ToList();
        methods.ForEach(method => RuntimeHelpers.PrepareMethod(method.MethodHandle));
        Console.WriteLine($"{library.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName}: {methods.Count > 200}");

        await using var services = new ServiceCollection()
            .AddMcpSession("research", server => { server.Command = "dotnet"; server.Arguments.Add(args[0]); })
            .BuildServiceProvider();
        var tools = await services.GetRequiredService<SharedMcpSession>().ListToolsAsync();
        Console.WriteLine(string.Join(", ", tools.Select(tool => tool.Name).Order()));
        """;

    [Fact]
    public async Task A_program_for_net8_gets_the_build_for_net8_and_it_works()
    {
        var folder = Directory.CreateTempSubdirectory("msa-net8-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), packages.NugetConfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Older.csproj"), Project.Replace("$(Version)", packages.Version, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program, TestContext.Current.CancellationToken);

        (await Cli.DotnetAsync(folder, "build", "-nodeReuse:false", "-tl:off")).Succeeded();
        var output = (await Cli.DotnetAsync(folder, Path.Combine("bin", "Debug", "net8.0", "Older.dll"), Repository.SampleProgram("ResearchServer"))).Succeeded();

        Assert.Contains(".NETCoreApp,Version=v8.0: True", output, StringComparison.Ordinal);
        Assert.Contains("cite, read, search", output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
