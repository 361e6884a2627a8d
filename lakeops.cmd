@echo off
rem Starts the examples' program; builds its jar on first use, and again when a source is newer.
rem LAKEOPS_JAVA_OPTS adds options for the JVM; JAVA_HOME chooses it.
setlocal
set "ROOT=%~dp0"
set "JAR=%ROOT%lakeops-examples\target\lakeops-examples-all.jar"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
powershell -NoProfile -Command "$j=Get-Item -ErrorAction SilentlyContinue $env:JAR; if(-not $j){exit 1}; $n=Get-ChildItem -Recurse -File ($env:ROOT+'pom.xml'),($env:ROOT+'lakeops-*\pom.xml'),($env:ROOT+'lakeops-*\src\main') | Where-Object {$_.LastWriteTime -gt $j.LastWriteTime} | Select-Object -First 1; if($n){exit 1}"
if errorlevel 1 (
  echo lakeops: building %JAR% 1>&2
  pushd "%ROOT%"
  call mvn -B -q -pl lakeops-examples -am -DskipTests package 1>&2
  if errorlevel 1 (
    popd
    exit /b 1
  )
  popd
)
"%JAVA%" -Xmx1g -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED %LAKEOPS_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
